package import Logging

/// What stands in a log in place of a message body: how long it is, and nothing of it.
package struct Withheld: Hashable, Sendable, CustomStringConvertible {
    package let octets: Int

    package init(_ body: some Collection<UInt8>) {
        octets = body.count
    }

    package init(_ text: String) {
        octets = text.utf8.count
    }

    package var description: String { "(\(octets) octets)" }
}

extension Logger.MetadataValue {
    /// The length of a body, which is all that a log may say of it.
    package static func withheld(_ body: some Collection<UInt8>) -> Self {
        .stringConvertible(Withheld(body))
    }

    /// The length of a text, which is all that a log may say of it.
    package static func withheld(_ text: String) -> Self {
        .stringConvertible(Withheld(text))
    }
}
