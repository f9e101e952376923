/// What holds for a medium: what it says itself, else what the session says for all.
extension SessionDescription {
    /// Where a medium is to be sent.
    public func connection(of medium: MediaDescription) -> SDPConnection? {
        medium.connections.first ?? connection
    }

    /// Which way a medium flows; both ways if nobody says (RFC 8866 section 6.7).
    public func direction(of medium: MediaDescription) -> MediaDirection {
        medium.attributes.direction ?? attributes.direction ?? .sendReceive
    }

    /// The first value of a type that a medium has, or the session.
    public func first<Value: SDPAttributeValue>(_ type: Value.Type, of medium: MediaDescription) -> Value? {
        medium.attributes.first(type) ?? attributes.first(type)
    }

    /// The values of a type that a medium has; if it has none, the session's.
    public func all<Value: SDPAttributeValue>(_ type: Value.Type, of medium: MediaDescription) -> [Value] {
        let own = medium.attributes.all(type)
        return own.isEmpty ? attributes.all(type) : own
    }

    /// The value of an attribute that a medium has, or the session.
    public func value(_ name: SDPAttributeName, of medium: MediaDescription) -> String? {
        medium.attributes[name] ?? attributes[name]
    }

    /// The user name fragment and password of a medium's ICE agent (RFC 8839 section 5.4); nil unless both are there.
    public func iceCredentials(of medium: MediaDescription) -> ICECredentials? {
        medium.attributes.iceCredentials ?? attributes.iceCredentials
    }
}
