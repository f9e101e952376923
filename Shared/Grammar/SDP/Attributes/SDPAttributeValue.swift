/// What the value of an attribute means: `97 iLBC/8000` as an ``RTPMap``.
///
/// What parses prints, and parses to the same. The value of an attribute may have blanks around it.
public protocol SDPAttributeValue: Hashable, Sendable, CustomStringConvertible {
    /// The attribute that has such values.
    static var attribute: SDPAttributeName { get }

    /// Reads what stands behind the colon; nil if it is not such a value.
    init?(parsing text: String)
}
