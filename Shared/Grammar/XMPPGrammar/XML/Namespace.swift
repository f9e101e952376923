/// The XML namespaces that the project speaks, by name.
public enum Namespace {
    /// What the prefix `xml` always means (XML-NAMES section 3).
    public static let xml = "http://www.w3.org/XML/1998/namespace"
    /// What the prefix `xmlns` always means (XML-NAMES section 3).
    public static let xmlns = "http://www.w3.org/2000/xmlns/"

    // RFC 6120
    public static let client = "jabber:client"
    public static let server = "jabber:server"
    public static let stream = "http://etherx.jabber.org/streams"
    public static let streamErrors = "urn:ietf:params:xml:ns:xmpp-streams"
    public static let stanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas"
    public static let tls = "urn:ietf:params:xml:ns:xmpp-tls"
    public static let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    public static let bind = "urn:ietf:params:xml:ns:xmpp-bind"
    /// RFC 6121.
    public static let roster = "jabber:iq:roster"

    /// XEP-0114.
    public static let component = "jabber:component:accept"
    /// XEP-0220.
    public static let dialback = "jabber:server:dialback"
    /// XEP-0220 section 2.2.2.
    public static let dialbackFeature = "urn:xmpp:features:dialback"
    /// XEP-0288.
    public static let bidi = "urn:xmpp:bidi"
    /// XEP-0288.
    public static let bidiFeature = "urn:xmpp:features:bidi"
    /// XEP-0198.
    public static let streamManagement = "urn:xmpp:sm:3"
    /// The application conditions of RFC 6120 section 4.9.3.14 (`stanza-too-big`).
    public static let applicationErrors = "urn:xmpp:errors"

    /// XEP-0004.
    public static let dataForms = "jabber:x:data"
    /// XEP-0012.
    public static let lastActivity = "jabber:iq:last"
    /// XEP-0030.
    public static let discoInfo = "http://jabber.org/protocol/disco#info"
    /// XEP-0030.
    public static let discoItems = "http://jabber.org/protocol/disco#items"
    /// XEP-0033.
    public static let addresses = "http://jabber.org/protocol/address"
    /// XEP-0045.
    public static let muc = "http://jabber.org/protocol/muc"
    /// XEP-0045.
    public static let mucUser = "http://jabber.org/protocol/muc#user"
    /// XEP-0054.
    public static let vCard = "vcard-temp"
    /// XEP-0060.
    public static let pubSub = "http://jabber.org/protocol/pubsub"
    /// XEP-0066.
    public static let oob = "jabber:x:oob"
    /// XEP-0071.
    public static let xhtmlIM = "http://jabber.org/protocol/xhtml-im"
    /// XHTML 1.0, as XEP-0071 uses it.
    public static let xhtml = "http://www.w3.org/1999/xhtml"
    /// XEP-0085.
    public static let chatStates = "http://jabber.org/protocol/chatstates"
    /// XEP-0092.
    public static let softwareVersion = "jabber:iq:version"
    /// XEP-0100.
    public static let gateway = "jabber:iq:gateway"
    /// XEP-0115.
    public static let entityCapabilities = "http://jabber.org/protocol/caps"
    /// XEP-0131.
    public static let shim = "http://jabber.org/protocol/shim"
    /// XEP-0172.
    public static let nick = "http://jabber.org/protocol/nick"
    /// XEP-0184.
    public static let receipts = "urn:xmpp:receipts"
    /// XEP-0199.
    public static let ping = "urn:xmpp:ping"
    /// XEP-0202.
    public static let entityTime = "urn:xmpp:time"
    /// XEP-0203.
    public static let delay = "urn:xmpp:delay"
    /// XEP-0091, the delay of old servers.
    public static let legacyDelay = "jabber:x:delay"
    /// XEP-0280.
    public static let carbons = "urn:xmpp:carbons:2"
    /// XEP-0297.
    public static let forwarding = "urn:xmpp:forward:0"
    /// XEP-0308.
    public static let messageCorrection = "urn:xmpp:message-correct:0"
    /// XEP-0333.
    public static let chatMarkers = "urn:xmpp:chat-markers:0"
    /// XEP-0334.
    public static let hints = "urn:xmpp:hints"
    /// XEP-0359.
    public static let stanzaIDs = "urn:xmpp:sid:0"
    /// XEP-0380.
    public static let explicitEncryption = "urn:xmpp:eme:0"
}
