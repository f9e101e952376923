import Octets

/// A header's name and the namespace that makes it unique (RFC 3862 section 3.4).
public struct CPIMName: Hashable, Sendable {
    /// An absolute URI.
    public let namespace: String
    /// Case-sensitive.
    public let name: String

    public init(_ name: String, namespace: String = CPIMName.core) {
        self.name = name
        self.namespace = namespace
    }

    /// Whether a header may be spelt so: a name, or a prefix, a full stop and a name (RFC 3862 section 3.6).
    static func isHeaderName(_ octets: ArraySlice<UInt8>) -> Bool {
        let parts = octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isName($0) }
    }

    /// RFC 3862 section 3.6 `Name`.
    static func isName(_ octets: ArraySlice<UInt8>) -> Bool {
        !octets.isEmpty && octets.allSatisfy { nameOctets.contains($0) }
    }

    private static let nameOctets = OctetSet.alphanumeric.union(OctetSet("!#$%&'*+-^_`|~"))

    /// The namespace of From, To, DateTime and the others of RFC 3862.
    public static let core = "urn:ietf:params:cpim-headers:"
    /// The namespace of message disposition notifications (RFC 5438 section 6).
    public static let imdn = "urn:ietf:params:imdn"
}

/// One header of a CPIM message, other than those that ``CPIMMessage`` has a place for.
public struct CPIMHeader: Hashable, Sendable {
    public var name: CPIMName
    /// The language of the value, from `;lang=` (RFC 3862 section 3.3).
    public var language: String?
    /// With escapes undone.
    public var value: String

    public init(_ name: CPIMName, language: String? = nil, _ value: String) {
        self.name = name
        self.language = language
        self.value = value
    }
}

/// The value of From, To and cc: `Winnie the Pooh <im:pooh@100akerwood.com>` (RFC 3862 section 4.1).
public struct CPIMAddress: Hashable, Sendable {
    public var displayName: String?
    public var uri: String

    public init(displayName: String? = nil, uri: String) {
        self.displayName = displayName
        self.uri = uri
    }

    /// Reads a value in which escapes are not yet undone; the angle brackets may be missing.
    ///
    /// Nil without a URI.
    init?(parsing value: String) {
        let octets = Array(value.utf8)
        // The last "<" begins the URI: a name in quotes may hold others.
        guard let open = octets.lastIndex(of: UInt8(ascii: "<")) else {
            let uri = CPIMEscape.undo(octets)
            guard Self.isURI(uri) else { return nil }
            self.init(uri: uri)
            return
        }
        let end = octets[open...].firstIndex(of: UInt8(ascii: ">")) ?? octets.endIndex
        var name = octets[..<open]
        while name.last == UInt8(ascii: " ") { name.removeLast() }
        if name.count >= 2, name.first == UInt8(ascii: "\""), name.last == UInt8(ascii: "\"") {
            name = name.dropFirst().dropLast()
        }
        let uri = CPIMEscape.undo(octets[(open + 1)..<end])
        guard Self.isURI(uri) else { return nil }
        let displayName = CPIMEscape.undo(name)
        self.init(displayName: displayName.isEmpty ? nil : displayName, uri: uri)
    }

    /// No URI has spaces, controls or the marks that stand around it; what else makes one is for its reader to say.
    private static func isURI(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isURIOctet)
    }

    private static func isURIOctet(_ octet: UInt8) -> Bool {
        octet > ASCII.space && octet != 0x7F && !around.contains(octet)
    }

    private static let around = OctetSet("<>\"")

    /// The name always in quotes, which any name may be.
    var printed: String {
        // An angle bracket would end the URI early, and nothing that is left out here is part of any URI.
        let address = String(decoding: uri.utf8.filter(Self.isURIOctet), as: UTF8.self)
        guard let displayName, !displayName.isEmpty else { return "<\(CPIMEscape.apply(address))>" }
        return "\"\(CPIMEscape.apply(displayName, isQuoted: true))\" <\(CPIMEscape.apply(address))>"
    }
}
