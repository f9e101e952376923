import Foundation

/// The sources of the project, read once.
enum SourceTree {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Where the sources were looked for.
    static var place: String { root.path }

    /// All files of code under `Shared`, `Services` and `Tests`.
    static let files: [SourceFile] = ["Shared", "Services", "Tests"].flatMap(read)

    /// The files under a folder, which is given from the root.
    static func files(under folder: String) -> [SourceFile] {
        files.filter { $0.path.hasPrefix(folder + "/") }
    }

    /// The folders directly within a folder.
    static func folders(in folder: String) -> Set<String> {
        let depth = folder.split(separator: "/").count
        let parts = files(under: folder).map { $0.path.split(separator: "/") }
        return Set(parts.filter { $0.count > depth + 1 }.map { $0[...depth].joined(separator: "/") })
    }

    private static func read(_ folder: String) -> [SourceFile] {
        // A folder may be a link; what it links to has the files.
        let base = root.appending(path: folder).resolvingSymlinksInPath()
        let urls =
            FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.allObjects as? [URL]
        return (urls ?? []).compactMap { url in
            guard ["swift", "c", "h"].contains(url.pathExtension), !url.pathComponents.contains(".build"),
                let text = try? String(contentsOf: url, encoding: .utf8)
            else { return nil }
            let inside = url.resolvingSymlinksInPath().path.dropFirst(base.path.count)
            return SourceFile(path: folder + inside, text: text)
        }
    }
}
