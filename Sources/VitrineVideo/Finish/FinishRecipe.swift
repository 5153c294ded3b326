import VitrineCore

/// What is put over a clip, read from the canonical names that a request carries.
struct FinishRecipe: Hashable, Sendable {
    /// Where a line of text stands.
    enum Place: String, Hashable, Sendable {
        case top
        case middle
        case bottom
    }

    /// A line of text, for a while.
    struct Line: Hashable, Sendable {
        var words: String
        var place: Place
        /// The share of the frame's short side that a letter is high.
        var size: Double
        var from: Double
        /// Nil for the end of the clip.
        var to: Double?
    }

    /// A corner of the frame.
    enum Corner: String, Hashable, Sendable {
        case topLeft = "top-left"
        case topRight = "top-right"
        case bottomLeft = "bottom-left"
        case bottomRight = "bottom-right"
    }

    /// A picture in a corner.
    struct Logo: Hashable, Sendable {
        var file: MediaFile
        var corner: Corner
        /// The share of the frame's short side that it takes, by its longer side.
        var size: Double
    }

    /// A full frame at the end of the clip.
    struct EndCard: Hashable, Sendable {
        var words: String
        var background: String
        var ink: String
        var seconds: Double
        var logo: MediaFile?
    }

    /// A bed of music.
    struct Music: Hashable, Sendable {
        var file: MediaFile
        /// Loudness of the whole clip, in LUFS.
        var loudness: Double
    }

    var lines: [Line] = []
    var captions: String?
    var logo: Logo?
    var endCard: EndCard?
    var music: Music?

    /// Whether frames must be drawn anew.
    var isSeen: Bool { !lines.isEmpty || captions != nil || logo != nil || endCard != nil }

    /// Reads `text.0`, `text.0.say`, `captions`, `logo.file`, `end_card.text`, `music.file` and their kin; what it does not know it
    /// leaves out, and numbers beyond reason are brought back to it.
    init(_ finish: [String: String]) {
        func number(_ name: String, _ usual: Double, in range: ClosedRange<Double>) -> Double {
            min(max(finish[name].flatMap(Double.init) ?? usual, range.lowerBound), range.upperBound)
        }
        for index in 0..<12 {
            let name = "text.\(index)"
            guard let words = finish[name] ?? finish[name + ".say"], !words.trimmed.isEmpty else { continue }
            lines.append(
                Line(
                    words: words,
                    place: finish[name + ".at"].flatMap(Place.init) ?? .bottom,
                    size: FinishRecipe.sizes[finish[name + ".size"] ?? ""] ?? 0.052,
                    from: number(name + ".from", 0.4, in: 0...120),
                    to: finish[name + ".to"].flatMap(Double.init)
                )
            )
        }
        captions = finish["captions"].flatMap { $0.trimmed.isEmpty || $0 == "true" ? nil : $0 }
        logo = (finish["logo"] ?? finish["logo.file"]).flatMap(MediaFile.init(finish:)).map { file in
            Logo(
                file: file,
                corner: finish["logo.corner"].flatMap(Corner.init) ?? .topRight,
                size: number("logo.size", 0.16, in: 0.04...0.6)
            )
        }
        let card = finish["end_card"] ?? finish["end_card.text"]
        let cardLogo = finish["end_card.logo"].flatMap { $0 == "true" ? logo?.file : MediaFile(finish: $0) }
        if card != nil || cardLogo != nil {
            endCard = EndCard(
                words: card ?? "",
                background: finish["end_card.background"].flatMap(FinishRecipe.color) ?? "111111",
                ink: finish["end_card.color"].flatMap(FinishRecipe.color) ?? "FFFFFF",
                seconds: number("end_card.seconds", 1.8, in: 0.5...10),
                logo: cardLogo
            )
        }
        music = (finish["music"] ?? finish["music.file"]).flatMap(MediaFile.init(finish:)).map { file in
            Music(file: file, loudness: number("music.loudness", -16, in: -40 ... -9))
        }
    }

    private static let sizes = ["small": 0.038, "medium": 0.052, "large": 0.078]

    /// Six hexadecimal digits of `#rrggbb`; nil for anything else.
    private static func color(_ text: String) -> String? {
        let digits = text.dropFirst()
        return text.first == "#" && digits.count == 6 && digits.allSatisfy(\.isHexDigit) ? String(digits) : nil
    }
}

extension MediaFile {
    /// A file of the store that a finish names as `<digest>.<kind>`; nil for any other name.
    init?(finish text: String) {
        let parts = text.split(separator: ".")
        guard parts.count == 2, let digest = Digest(hexadecimal: String(parts[0])) else { return nil }
        self.init(digest: digest, bytes: 0, kind: String(parts[1]))
    }
}
