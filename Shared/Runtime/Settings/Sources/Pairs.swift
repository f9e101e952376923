/// `NAME=VALUE`, as maps are written in a variable or a flag.
enum Pairs {
    static func split(_ item: String) -> (name: String, value: String)? {
        guard let equals = item.firstIndex(of: "="), equals > item.startIndex else { return nil }
        return (String(item[..<equals]), String(item[item.index(after: equals)...]))
    }
}
