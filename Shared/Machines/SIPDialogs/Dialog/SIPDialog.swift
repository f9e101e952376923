public import SIPGrammar

// Conforms: RFC 3261 §12 (complete)
// Conforms: RFC 5627 §4.4 (a GRUU in Contact is kept as the remote target)

/// A dialog: what two user agents must know to send each other requests (RFC 3261 section 12).
///
/// A value without time of its own; ``InviteSession``, ``Subscriber`` and ``Notifier`` keep theirs in one.
public struct SIPDialog: Hashable, Sendable, Codable {
    /// The longest route set that is followed.
    public static let maximumRoutes = 32

    public let id: SIPDialogID
    /// Whether it is more than early: a final response has made it last.
    public private(set) var isConfirmed: Bool
    /// Our address with our tag.
    public let local: SIPNameAddress
    /// The peer's address with its tag.
    public let remote: SIPNameAddress
    /// Where the peer is reached: its Contact.
    public private(set) var remoteTarget: SIPRequestURI
    /// The proxies in between that want to see every request, the nearest first.
    public private(set) var routeSet: [SIPNameAddress]
    /// Whether it began with a SIPS Request-URI.
    public let isSecure: Bool
    /// The number of the latest request of ours.
    public private(set) var localNumber: UInt32
    /// The number of the latest request of the peer's; nil if there was none.
    public private(set) var remoteNumber: UInt32?

    /// The dialog that a response to our request makes (RFC 3261 section 12.1.2).
    ///
    /// Without a Contact in the response the peer is reached where the request was: a PRACK or an ACK must go somewhere.
    public init(sent request: SIPRequest, answered response: SIPResponse) throws(SIPDialogFault) {
        do throws(SIPSyntaxError) {
            local = try request.headers.from()
            // The bus leaves To out where it says nothing that the request did not.
            remote = response.headers.contains(.to) ? try response.headers.to() : try request.headers.to()
            id = SIPDialogID(
                callID: try request.headers.callID(),
                localTag: local.tag ?? "",
                remoteTag: remote.tag ?? ""
            )
            localNumber = Self.number(try request.headers.cSeq().number, answeredBy: response)
            // COMPAT: user agents that leave Contact out of 18x and 2xx, as RFC 2543 allowed.
            remoteTarget = try response.headers.contacts().first?.uri ?? request.uri
            routeSet = try response.headers.recordRoutes().reversed()
        } catch {
            throw .malformed(error)
        }
        guard routeSet.count <= Self.maximumRoutes else { throw .tooManyRoutes }
        isConfirmed = response.isFinal
        isSecure = request.uri.sip?.isSecure ?? false
    }

    /// The dialog that answering a request makes (RFC 3261 section 12.1.1); early until ``confirm()``.
    ///
    /// - Parameters:
    ///   - request: The INVITE, SUBSCRIBE or NOTIFY.
    ///   - localTag: The tag that our responses have in To.
    ///   - firstNumber: The number that our first request gets, at least 1.
    /// - Throws: What keeps it from being a dialog.
    public init(
        received request: SIPRequest,
        localTag: String,
        firstNumber: UInt32 = 1
    ) throws(SIPDialogFault) {
        do throws(SIPSyntaxError) {
            remote = try request.headers.from()
            var to = try request.headers.to()
            to.tag = localTag
            local = to
            id = SIPDialogID(
                callID: try request.headers.callID(),
                localTag: localTag,
                remoteTag: remote.tag ?? ""
            )
            remoteNumber = try request.headers.cSeq().number
            guard let contact = try request.headers.contacts().first else {
                throw SIPSyntaxError(.missing, header: .contact)
            }
            guard Self.canBeReached(contact.uri) else { throw SIPSyntaxError(.value, header: .contact) }
            remoteTarget = contact.uri
            routeSet = try request.headers.recordRoutes()
        } catch {
            throw .malformed(error)
        }
        guard routeSet.count <= Self.maximumRoutes else { throw .tooManyRoutes }
        localNumber = max(1, firstNumber) - 1
        isConfirmed = false
        isSecure = request.uri.sip?.isSecure ?? false
    }

    /// Makes an early dialog last.
    public mutating func confirm() {
        isConfirmed = true
    }

    /// Makes an early dialog last by a 2xx, whose proxies and Contact are what counts (RFC 3261 section 13.2.2.4).
    public mutating func confirm(by response: SIPResponse) {
        isConfirmed = true
        if let routes = try? response.headers.recordRoutes(), routes.count <= Self.maximumRoutes {
            routeSet = routes.reversed()
        }
        refreshTarget(response.headers)
    }

    /// Takes the Contact of a target refresh request or of its 2xx as the place where the peer is reached.
    public mutating func refreshTarget(_ headers: SIPHeaders) {
        guard let contact = try? headers.contacts().first, Self.canBeReached(contact.uri) else { return }
        remoteTarget = contact.uri
    }

    /// Whether a URI is one that requests can be sent to.
    private static func canBeReached(_ uri: SIPRequestURI) -> Bool {
        switch uri.sip?.scheme {
        case .sip, .sips: true
        case .im, .pres, nil: false
        }
    }

    /// The number that a request of ours had on the wire, by its response.
    ///
    /// Whoever sends it may have had to send it anew with credentials, each time with the next number (RFC 3261
    /// section 22.2); more than a few times nobody does, and other numbers are a peer's mistake.
    static func number(_ asked: UInt32, answeredBy response: SIPResponse) -> UInt32 {
        guard let heard = try? response.headers.cSeq().number, heard > asked, heard - asked <= 8 else {
            return asked
        }
        return heard
    }

    /// Takes note of the number that a request of ours had on the wire: the next one is higher.
    mutating func learn(_ number: UInt32) {
        localNumber = max(localNumber, number)
    }

    /// Counts one request of ours.
    mutating func advance() {
        // 2³¹ requests in one dialog are more than there will be; a number may not be larger (section 8.1.1.5).
        localNumber = localNumber < UInt32(Int32.max) ? localNumber + 1 : 1
    }

    /// Lets the request that has made the dialog be admitted to it.
    mutating func forgetRemoteNumber() {
        remoteNumber = nil
    }

    /// Takes the number of a request of the peer's.
    mutating func take(_ number: UInt32) {
        remoteNumber = number
    }
}
