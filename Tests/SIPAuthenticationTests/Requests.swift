import MachineKit
import SIPAuthentication
import SIPGrammar

/// A MESSAGE to Bob.
func message(_ uri: String = "sip:bob@biloxi.example", cSeq: UInt32 = 1, body: String = "hello") -> SIPRequest
{
    guard let target = SIPRequestURI(uri) else { preconditionFailure("no URI: \(uri)") }
    return SIPRequest(
        .message,
        target,
        headers: [
            .from: "<sip:alice@atlanta.example>;tag=1", .to: "<\(uri)>", .callID: "c",
            .cSeq: "\(cSeq) MESSAGE",
        ],
        body: Array(body.utf8)
    )
}

/// The 401 or 407 with these challenges.
func challenge(_ status: Int, _ challenges: SIPDigestChallenge...) -> SIPResponse {
    let name: SIPHeaderName = status == 407 ? .proxyAuthenticate : .wwwAuthenticate
    var headers = SIPHeaders()
    for challenge in challenges { headers.append(name, challenge.description) }
    return SIPResponse(status, headers: headers)
}

extension SIPRequest {
    var credentials: [SIPDigestCredentials] {
        ((try? headers.digestCredentials(.authorization)) ?? [])
            + ((try? headers.digestCredentials(.proxyAuthorization)) ?? [])
    }

    var cSeq: UInt32? { try? headers.cSeq().number }
}

extension DigestClient.Answer {
    var request: SIPRequest? { if case .retry(let request, _) = self { request } else { nil } }
    var attempts: DigestAttempts? { if case .retry(_, let attempts) = self { attempts } else { nil } }
    var reason: DigestClient.Reason? { if case .giveUp(let reason) = self { reason } else { nil } }
}

extension WallTime {
    static func seconds(_ seconds: Int64) -> WallTime {
        WallTime(milliseconds: 1_700_000_000_000 + seconds * 1_000)
    }
}
