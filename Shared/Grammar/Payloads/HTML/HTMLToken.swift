/// A piece of HTML as the tokenizer sees it.
enum HTMLToken: Hashable {
    /// Characters with references resolved.
    case text(String)
    /// Names in lower case.
    case start(name: String, attributes: [String: String])
    case end(name: String)
}
