import Glibc

/// The text of the configuration file.
enum ConfigurationFile {
    private static let longest = 1 << 20

    static func exists(_ name: String) -> Bool {
        unsafe access(name, F_OK) == 0
    }

    /// Reads the whole file, which may be a pipe; it has to be UTF-8 and of a sane length.
    static func read(_ name: String) throws(SettingsError) -> String {
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(name, "a readable file (\(systemReason()))") }
        defer { close(descriptor) }
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while octets.count <= longest {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { break }
            guard count > 0 else { throw unreadable(name, "a readable file (\(systemReason()))") }
            octets += piece[..<count]
        }
        guard octets.count <= longest else { throw unreadable(name, "a file of at most \(longest) octets") }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw unreadable(name, "text in UTF-8")
        }
        return text
    }

    private static func unreadable(_ name: String, _ expected: String) -> SettingsError {
        SettingsError(.unreadable, value: name, expected: expected)
    }

    private static func systemReason() -> String {
        let number = errno
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
