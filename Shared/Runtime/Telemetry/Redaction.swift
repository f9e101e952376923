import Logging

/// The last net under the log: metadata whose name says that it is private is not printed, whatever its value.
///
/// The first net is the types ``Secret`` and ``Withheld``, which cannot print what they hold.
enum Redaction {
    static let replacement = "(withheld)"

    private static let privateNames: Set<String> = [
        "authorization", "body", "cookie", "credentials", "digest", "nonce", "password", "private-key",
        "proxy-authorization", "secret", "text", "token",
    ]

    static func isPrivate(_ name: String) -> Bool {
        privateNames.contains(name.lowercased())
    }
}
