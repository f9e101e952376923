import Foundation

/// A file that goes when its owner does.
final class TemporaryFile {
    let path: String

    init(_ text: String) {
        path = FileManager.default.temporaryDirectory.path + "/causeway-\(UUID().uuidString).yaml"
        _ = FileManager.default.createFile(atPath: path, contents: Data(text.utf8))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
