import SIPGrammar

// Conforms: RFC 4028 §7 (complete)
// Conforms: RFC 4028 §9 (complete)

/// What the two ends have said about session timers, and what follows from it.
struct SessionTiming: Hashable, Sendable, Codable {
    private(set) var current: SessionInterval?
    /// The largest Min-SE that was heard in this dialog; nil before the first.
    private(set) var heardMinimum: UInt32?
    /// What our latest INVITE or UPDATE asked for; 0 for nothing.
    private var asked: UInt32 = 0

    mutating func hear(minimum: UInt32?) {
        guard let minimum else { return }
        heardMinimum = max(heardMinimum ?? SessionInterval.least, minimum)
    }

    /// A dialog that is established hears anew (section 7.4).
    mutating func forgetMinimum() {
        heardMinimum = nil
    }

    /// What a session refresh request of ours says.
    mutating func request(_ settings: SessionSettings, isInitial: Bool) -> SIPHeaders {
        var headers = SIPHeaders()
        asked = 0
        guard settings.extensions.contains("timer") else { return headers }
        if let heardMinimum {
            headers.append(.minSE, "\(heardMinimum)")
        } else if isInitial, settings.minimumInterval > SessionInterval.least {
            headers.append(.minSE, "\(settings.minimumInterval)")
        }
        let wish = isInitial ? settings.interval : current?.seconds ?? 0
        guard wish > 0 else { return headers }
        asked = max(wish, heardMinimum ?? SessionInterval.least, settings.minimumInterval)
        let refresher = isInitial || current?.isOurs == true ? SIPSessionExpires.Refresher.uac : .uas
        headers.append(.sessionExpires, SIPSessionExpires(asked, refresher: refresher).description)
        return headers
    }

    /// Takes what the 2xx to our request says.
    mutating func accepted(_ headers: SIPHeaders) {
        if let expires = try? headers.sessionExpires(), expires.seconds > 0 {
            // A shorter interval than the least would have us send without pause (section 11).
            let seconds = max(expires.seconds, SessionInterval.least)
            current = SessionInterval(seconds: seconds, isOurs: expires.refresher != .uas)
        } else {
            // The peer knows of no timers; who wants one does all of it (section 7.2).
            current = asked > 0 ? SessionInterval(seconds: asked, isOurs: true) : nil
        }
    }

    /// Whether a request of the peer's asks for too short an interval to be taken.
    func isTooShort(_ headers: SIPHeaders, _ settings: SessionSettings) -> Bool {
        guard headers.lists("timer", in: .supported), let expires = try? headers.sessionExpires() else {
            return false
        }
        return expires.seconds < max(settings.minimumInterval, SessionInterval.least)
    }

    /// What the 2xx to the peer's request says; it is in force from then on.
    mutating func answer(_ request: SessionWish, _ settings: SessionSettings) -> SIPHeaders {
        guard settings.extensions.contains("timer") else { return SIPHeaders() }
        let least = max(settings.minimumInterval, request.minimum ?? SessionInterval.least)
        let wish = request.seconds ?? max(settings.interval, settings.interval > 0 ? least : 0)
        guard wish >= SessionInterval.least else {
            current = nil
            return SIPHeaders()
        }
        let ours = max(settings.interval, least)
        let seconds = settings.interval > 0 ? min(wish, ours) : wish
        let refresher = request.isSupported ? request.refresher ?? .uas : .uas
        current = SessionInterval(seconds: seconds, isOurs: refresher == .uas)
        let value = SIPSessionExpires(seconds, refresher: refresher)
        var headers: SIPHeaders = [.sessionExpires: value.description]
        if request.isSupported { headers.append(.require, "timer") }
        return headers
    }
}

/// What a session refresh request of the peer's asks for.
struct SessionWish: Hashable, Sendable, Codable {
    var isSupported: Bool
    var seconds: UInt32?
    var minimum: UInt32?
    var refresher: SIPSessionExpires.Refresher?

    init(_ headers: SIPHeaders) {
        let expires = (try? headers.sessionExpires()) ?? nil
        isSupported = headers.lists("timer", in: .supported)
        seconds = expires?.seconds
        refresher = expires?.refresher
        minimum = (try? headers.minSE()) ?? nil
    }
}
