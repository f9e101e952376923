import CUnbound
import Glibc

/// The body of the one thread that talks to libunbound.
///
/// Everything in here is confined to that thread: the context, the table of questions and the callbacks, which
/// libunbound calls only from within `ub_process`. libunbound's own worker thread does the network and signals through
/// `ub_fd`. Not `Sendable`, on purpose: it is made on its thread and dies there.
@safe final class UnboundLoop {
    private final class Ticket {
        let number: Int
        let query: Query
        let deadline: ContinuousClock.Instant
        unowned let loop: UnboundLoop
        var asyncID: Int32 = 0

        init(_ number: Int, _ query: Query, deadline: ContinuousClock.Instant, loop: UnboundLoop) {
            self.number = number
            self.query = query
            self.deadline = deadline
            self.loop = loop
        }
    }

    private let context: OpaquePointer
    private let inbox: QueryInbox
    private let patience: Duration
    private var tickets: [Int: Ticket] = [:]
    /// All tickets in the order of their deadlines, which is the order of asking; finished ones are passed over.
    private var byDeadline: ArraySlice<Int> = []
    private var nextNumber = 0

    /// Takes the context over: it is deleted at the end of ``run()``.
    init(context: OpaquePointer, inbox: QueryInbox, patience: Duration) {
        unsafe self.context = context
        self.inbox = inbox
        self.patience = patience
    }

    /// Answers questions until the inbox is shut, then fails what is left.
    func run() {
        while let queries = inbox.take() {
            for query in queries { start(query) }
            expire()
            waitForNews()
        }
        for ticket in tickets.values {
            finish(ticket, .failure(ResolverError(.closed, name: ticket.query.name)))
        }
        unsafe ub_ctx_delete(context)
    }

    private func start(_ query: Query) {
        nextNumber += 1
        let ticket = Ticket(nextNumber, query, deadline: .now + patience, loop: self)
        tickets[ticket.number] = ticket
        byDeadline.append(ticket.number)
        // The table keeps the ticket alive until it is answered or cancelled, after which libunbound forgets it.
        let code = unsafe ub_resolve_async(
            context,
            query.name,
            query.type.rawValue,
            1,
            Unmanaged.passUnretained(ticket).toOpaque(),
            { data, error, result in
                guard let data = unsafe data else { return }
                let ticket = unsafe Unmanaged<Ticket>.fromOpaque(data).takeUnretainedValue()
                ticket.loop.finish(ticket, unsafe UnboundLoop.answer(error, result, name: ticket.query.name))
                unsafe ub_resolve_free(result)
            },
            &ticket.asyncID
        )
        if code != 0 {
            finish(ticket, .failure(ResolverError(.library(code: Int(code)), name: query.name)))
        }
    }

    private func expire() {
        let now = ContinuousClock.now
        while let ticket = nearest(), ticket.deadline <= now {
            _ = unsafe ub_cancel(context, ticket.asyncID)
            finish(ticket, .failure(ResolverError(.noAnswer, name: ticket.query.name)))
        }
    }

    private func waitForNews() {
        var descriptors = [
            pollfd(fd: unsafe ub_fd(context), events: Int16(POLLIN), revents: 0),
            pollfd(fd: inbox.wakeUp, events: Int16(POLLIN), revents: 0),
        ]
        guard unsafe poll(&descriptors, nfds_t(descriptors.count), millisecondsToDeadline()) > 0 else {
            return
        }
        if descriptors[0].revents != 0 { _ = unsafe ub_process(context) }
    }

    /// Until the nearest deadline, rounded up, or for ever (-1).
    private func millisecondsToDeadline() -> Int32 {
        guard let nearest = nearest() else { return -1 }
        let remaining = ContinuousClock.now.duration(to: nearest.deadline)
        guard remaining > .zero else { return 0 }
        return Int32(clamping: Int64(remaining / .milliseconds(1)) + 1)
    }

    /// The unanswered question that has waited longest.
    private func nearest() -> Ticket? {
        while let number = byDeadline.first {
            if let ticket = tickets[number] { return ticket }
            byDeadline.removeFirst()
        }
        return nil
    }

    private func finish(_ ticket: Ticket, _ result: Result<DNSAnswer, ResolverError>) {
        guard tickets.removeValue(forKey: ticket.number) != nil else { return }
        inbox.completed()
        ticket.query.completion(result)
    }

    private static func answer(
        _ error: Int32,
        _ result: UnsafeMutablePointer<ub_result>?,
        name: String
    ) -> Result<DNSAnswer, ResolverError> {
        guard error == 0, let result = unsafe result?.pointee else {
            return .failure(ResolverError(.library(code: Int(error)), name: name))
        }
        if unsafe result.bogus != 0 { return .failure(ResolverError(.bogus, name: name)) }
        let content: DNSAnswer.Content
        if unsafe result.havedata != 0 {
            content = .records(unsafe records(result))
        } else if unsafe result.nxdomain != 0 {
            content = .noSuchName
        } else if unsafe result.rcode != 0 {
            return .failure(ResolverError(.serverFailure(code: Int(unsafe result.rcode)), name: name))
        } else {
            content = .noRecords
        }
        let (isSecure, seconds) = (unsafe result.secure != 0, unsafe result.ttl)
        return .success(
            DNSAnswer(content: content, isSecure: isSecure, timeToLive: .seconds(max(0, Int(seconds))))
        )
    }

    /// Copies the answer out before libunbound frees it: two parallel arrays, ended by a null pointer.
    private static func records(_ result: ub_result) -> [[UInt8]] {
        guard let data = unsafe result.data, let lengths = unsafe result.len else { return [] }
        var records: [[UInt8]] = []
        while records.count < DNSAnswer.most, let start = unsafe data[records.count] {
            let octets = unsafe UnsafeRawBufferPointer(start: start, count: Int(lengths[records.count]))
            records.append(unsafe Array(octets))
        }
        return records
    }
}
