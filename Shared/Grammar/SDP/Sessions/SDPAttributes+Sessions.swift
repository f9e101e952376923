import Octets

// Conforms: RFC 4975 §8 (complete)
// Conforms: RFC 5547 §6 (complete)

/// What MSRP sessions and file transfers say.
extension SDPAttributes {
    public var msrpPath: MSRPPath? {
        get { first(MSRPPath.self) }
        set { set(newValue) }
    }

    /// The types that a message may have (RFC 4975 section 8.6).
    public var acceptTypes: AcceptedTypes? {
        get { self[.acceptTypes].flatMap { AcceptedTypes(parsing: $0) } }
        set { self[.acceptTypes] = newValue?.description }
    }

    /// The types that a message may have inside another, such as message/cpim (RFC 4975 section 8.6).
    public var acceptWrappedTypes: AcceptedTypes? {
        get { self[.acceptWrappedTypes].flatMap { AcceptedTypes(parsing: $0) } }
        set { self[.acceptWrappedTypes] = newValue?.description }
    }

    /// The most octets that a message may have (RFC 4975 section 8.6).
    public var maxSize: UInt64? {
        get { word(.maxSize).flatMap { ASCII.decimal($0.utf8.span) } }
        set { self[.maxSize] = newValue.map { String($0) } }
    }

    /// What a chat room can do: `nickname`, `private-messages` (RFC 7701 section 8); nil if it says nothing.
    public var chatRoom: [String]? {
        get { contains(.chatRoom) ? words(.chatRoom) : nil }
        set { replace(.chatRoom, with: newValue.map { [.chatRoom($0)] } ?? []) }
    }

    public var fileSelector: FileSelector? {
        get { first(FileSelector.self) }
        set { set(newValue) }
    }

    /// What tells one transfer from another (RFC 5547 section 6).
    public var fileTransferID: String? {
        get { word(.fileTransferID) }
        set { self[.fileTransferID] = newValue }
    }

    /// What is to be done with the file: `render` or `attachment`, in small letters (RFC 5547 section 6).
    public var fileDisposition: String? {
        get { word(.fileDisposition).map { ASCII.lowercased($0) } }
        set { self[.fileDisposition] = newValue }
    }

    /// The `cid:` URI of a picture of the file.
    public var fileIcon: String? {
        get { word(.fileIcon) }
        set { self[.fileIcon] = newValue }
    }

    public var fileDates: FileDates? {
        get { first(FileDates.self) }
        set { set(newValue) }
    }

    public var fileRange: FileRange? {
        get { first(FileRange.self) }
        set { set(newValue) }
    }
}

extension SDPAttribute {
    fileprivate static func chatRoom(_ abilities: [String]) -> SDPAttribute {
        SDPAttribute(.chatRoom, abilities.isEmpty ? nil : abilities.joined(separator: " "))
    }
}
