import Foundation

/// Where the file is to lie, and whether that can work: SQLite itself says only "unable to open database file".
struct SQLitePlace {
    private let path: String
    private let folder: String

    init(_ path: String) {
        self.path = path
        let parent = (path as NSString).deletingLastPathComponent
        folder = parent.isEmpty ? "." : parent
    }

    /// Says whether the file is yet to be made.
    func check() throws(StoreError) -> Bool {
        guard Self.isFolder(folder) == true else {
            throw StoreError(.refused, "the store \(path) cannot be opened: make the folder \(folder) first")
        }
        let isFolder = Self.isFolder(path)
        if isFolder == true {
            throw StoreError(.refused, "the store \(path) is a folder: name a file in it")
        }
        if isFolder == false, unsafe access(path, R_OK | W_OK) != 0 {
            throw StoreError(.readOnly, "this user may not write the store \(path): change its owner or mode")
        }
        // The files beside it are made anew each time.
        guard unsafe access(folder, W_OK | X_OK) == 0 else {
            throw StoreError(
                .readOnly,
                "this user may not make files in \(folder), where the store \(path) is to lie: change its owner or mode"
            )
        }
        return isFolder == nil
    }

    /// Nil where there is nothing.
    private static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR
    }
}
