/// What a clip says its colours are.
enum ClipColor: String, Hashable, Sendable {
    /// BT.709, said of all three: matrix, primaries and transfer.
    case bt709
    /// Nothing, or not all of it: players take HD for BT.709.
    case unnamed
    /// Another standard.
    case other

    /// What ffprobe says.
    init(matrix: String?, primaries: String?, transfer: String?) {
        let names = [matrix, primaries, transfer].map { $0 ?? "unknown" }
        if names.allSatisfy({ $0 == "bt709" }) {
            self = .bt709
        } else {
            self = names.allSatisfy { $0 == "bt709" || $0 == "unknown" } ? .unnamed : .other
        }
    }
}
