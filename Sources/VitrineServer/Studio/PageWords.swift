import Foundation
import VitrineCore

/// How pages say what is known.
extension String {
    /// The words as a sentence: the first letter large unless it begins a name, a full stop at the end, code marks left out.
    var asSentence: String {
        let plain = replacing("`", with: "")
        let text = hasPrefix("`") ? plain : plain.prefix(1).uppercased() + plain.dropFirst()
        return text.isEmpty || ".!?".contains(text.suffix(1)) ? text : text + "."
    }

    /// The text as a part of a path or as a value in a query.
    var inAddress: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "\0"..."\u{7F}")))
            ?? ""
    }

    /// The text unless it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}

extension JobFailure {
    /// What to do about it on these pages; commands are for others.
    var remedy: String? {
        if mayBeBilled {
            return
                "It may have been made and paid for. Open the product: look for it again, count it as paid, or free its money."
        }
        return hint.flatMap { $0.contains("`vitrine ") ? nil : $0.asSentence }
    }
}

extension Placement {
    /// The shape in a word.
    var title: String {
        switch self {
        case .square: "Square"
        case .portrait: "Portrait"
        case .tall: "Tall"
        case .story: "Story"
        case .wide: "Wide"
        }
    }

    /// The shape as a word of the style sheet.
    var style: String { "s" + fileName }
}

extension Money {
    /// The amount as people read it; nothing costs nothing.
    var words: String { isZero ? "free" : description }
}

extension MoneySum {
    /// The amounts as people read them.
    var words: String { amounts.allSatisfy(\.isZero) ? "free" : amounts.map(\.description).joined(separator: " + ") }
}
