import Synchronization

/// Holds the certificates in use, and takes new ones when their files change.
///
/// Connections that are open keep what they were made with; those made afterwards get the new. Files that cannot be
/// used change nothing: what was read last stays in use.
package final class TLSKeeper: Sendable {
    private struct State {
        var sources: TLSSources
        var stamps: [String: FileStamp?]
        var contexts: TLSContexts
    }

    private let protocols: [String]
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// `protocols`: for Application-Layer Protocol Negotiation.
    package init(_ sources: TLSSources, protocols: [String] = []) throws(TLSFileError) {
        self.protocols = protocols
        // Looked at before they are read: what changes meanwhile is read again.
        let stamps = Self.stamps(sources)
        let contexts = try sources.read(protocols: protocols)
        state = Mutex(State(sources: sources, stamps: stamps, contexts: contexts))
    }

    /// Holds contexts that no file is behind.
    package init(_ contexts: TLSContexts) {
        protocols = []
        state = Mutex(State(sources: TLSSources(), stamps: [:], contexts: contexts))
    }

    /// What connections that are made now use.
    package var contexts: TLSContexts { state.withLock(\.contexts) }

    /// Takes contexts that no file is behind.
    package func replace(with contexts: TLSContexts) {
        state.withLock { $0 = State(sources: TLSSources(), stamps: [:], contexts: contexts) }
    }

    /// Reads the files now, by new settings if there are any.
    package func reload(_ sources: TLSSources? = nil) throws(TLSFileError) {
        let sources = sources ?? state.withLock(\.sources)
        let stamps = Self.stamps(sources)
        let contexts = try sources.read(protocols: protocols)
        state.withLock { $0 = State(sources: sources, stamps: stamps, contexts: contexts) }
    }

    /// Reads the files if one of them is not what it was; whether that was so.
    @discardableResult
    package func reloadIfChanged() throws(TLSFileError) -> Bool {
        let (sources, known) = state.withLock { ($0.sources, $0.stamps) }
        guard Self.stamps(sources) != known else { return false }
        try reload()
        return true
    }

    /// Looks at the files again and again, until the task is cancelled.
    ///
    /// `told`: hears of every change, and of every one that could not be taken.
    package func watch(every interval: Duration, told: (Result<Void, TLSFileError>) -> Void) async {
        while (try? await Task.sleep(for: interval)) != nil {
            do throws(TLSFileError) {
                if try reloadIfChanged() { told(.success(())) }
            } catch {
                told(.failure(error))
            }
        }
    }

    private static func stamps(_ sources: TLSSources) -> [String: FileStamp?] {
        Dictionary(uniqueKeysWithValues: sources.paths.map { ($0, FileStamp($0)) })
    }
}
