import VitrineCore

/// The words over a clip as an ASS script: libass shapes them, in any script and direction.
///
/// Words are never part of a filter or of a command: they stand in a file of their own, with every sign that libass would obey
/// made plain.
struct TitleScript: Sendable {
    let size: PixelSize
    let seconds: Double
    let recipe: FinishRecipe

    /// The script; nil when there are no words.
    var text: String? {
        let events = lines
        guard !events.isEmpty else { return nil }
        return """
            [Script Info]
            ScriptType: v4.00+
            PlayResX: \(size.width)
            PlayResY: \(size.height)
            WrapStyle: 0
            ScaledBorderAndShadow: yes
            YCbCr Matrix: TV.709

            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
            StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
            Style: Title,Noto Sans,40,&H00FFFFFF,&H00FFFFFF,&H60000000,&H80000000,-1,0,0,0,100,100,0,0,1,0,0,2,0,0,0,-1
            Style: Caption,Noto Sans,40,&H00FFFFFF,&H00FFFFFF,&H50000000,&H50000000,0,0,0,0,100,100,0,0,4,0,0,2,0,0,0,-1

            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text

            """ + events.joined(separator: "\n") + "\n"
    }

    private var end: Double { seconds - (recipe.endCard.map { min($0.seconds, seconds / 2) } ?? 0) }
    private var unit: Double { Double(size.shortSide) }

    /// What phones lay over a story stays clear of our words.
    private var margin: (side: Int, top: Int, bottom: Int) {
        let isStory = size.aspect < 0.7
        return (
            Int(0.07 * unit), Int((isStory ? 0.13 : 0.06) * Double(size.height)),
            Int((isStory ? 0.17 : 0.07) * Double(size.height))
        )
    }

    private var lines: [String] {
        var events: [String] = []
        for line in recipe.lines {
            let to = min(line.to ?? end, end)
            guard to > line.from else { continue }
            let alignment = [.top: 8, .middle: 5, .bottom: 2][line.place] ?? 2
            let vertical = line.place == .top ? margin.top : line.place == .bottom ? margin.bottom : 0
            let look =
                "\\an\(alignment)\\fs\(Int(line.size * unit))\\bord\(short(0.0035 * unit))\\blur\(short(0.004 * unit))\\fad(350,250)"
            events.append(event("Title", line.words, from: line.from, to: to, vertical: vertical, look: look, layer: 1))
        }
        events += captions
        if let card = recipe.endCard, !card.words.trimmed.isEmpty {
            let middle = card.logo == nil ? 0.5 : 0.68
            let look =
                "\\an5\\pos(\(size.width / 2),\(Int(middle * Double(size.height))))\\fs\(Int(0.075 * unit))\\bord0\\shad0"
                + "\\c&H\(bgr(card.ink))&\\fad(300,0)"
            events.append(event("Title", card.words, from: end + 0.15, to: seconds, vertical: 0, look: look, layer: 3))
        }
        return events
    }

    /// What is said, a few words at a time, each for as long as its share of the letters.
    private var captions: [String] {
        guard let said = recipe.captions else { return [] }
        let pieces = TitleScript.pieces(of: said, longest: size.aspect < 1 ? 26 : 38)
        let letters = Double(max(1, pieces.reduce(0) { $0 + $1.count }))
        let look = "\\an2\\fs\(Int(0.045 * unit))\\bord\(short(0.012 * unit))\\shad0"
        let isRoomTaken = recipe.lines.contains { $0.place == .bottom }
        var events: [String] = []
        var from = 0.2
        for piece in pieces {
            let to = from + (end - 0.4) * Double(piece.count) / letters
            let vertical = margin.bottom + (isRoomTaken ? Int(0.12 * unit) : 0)
            events.append(event("Caption", piece, from: from, to: to, vertical: vertical, look: look, layer: 2))
            from = to
        }
        return events
    }

    /// Pieces of at most about that many letters, cut between words, or anywhere in scripts that have no spaces.
    static func pieces(of text: String, longest: Int) -> [String] {
        var pieces: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = pieces.last, last.count + word.count < longest {
                pieces[pieces.count - 1] = last + " " + word
            } else {
                var rest = word[...]
                while rest.count > longest {
                    pieces.append(String(rest.prefix(longest)))
                    rest = rest.dropFirst(longest)
                }
                pieces.append(String(rest))
            }
        }
        return pieces
    }

    private func event(
        _ style: String,
        _ words: String,
        from: Double,
        to: Double,
        vertical: Int,
        look: String,
        layer: Int
    ) -> String {
        let font = TitleScript.font(for: words).map { "\\fn\($0)" } ?? ""
        return "Dialogue: \(layer),\(clock(from)),\(clock(to)),\(style),,\(margin.side),\(margin.side),\(vertical),,"
            + "{\(look)\(font)}" + TitleScript.plain(words)
    }

    /// Words in which libass finds nothing to obey: no backslash, no brace, no control character.
    static func plain(_ words: String) -> String {
        var text = ""
        for scalar in words.unicodeScalars.prefix(400) {
            switch scalar {
            case "\n": text += "\\N"
            case "\\": text += "\u{FF3C}"
            case "{": text += "\u{FF5B}"
            case "}": text += "\u{FF5D}"
            default: if scalar.properties.generalCategory != .control { text.unicodeScalars.append(scalar) }
            }
        }
        return text
    }

    /// The face of a script whose signs the usual one draws as another country writes them; nil for all others.
    static func font(for words: String) -> String? {
        let scalars = words.unicodeScalars
        if scalars.contains(where: { (0x3040...0x30FF).contains($0.value) }) { return "Noto Sans CJK JP" }
        if scalars.contains(where: { (0xAC00...0xD7AF).contains($0.value) }) { return "Noto Sans CJK KR" }
        if scalars.contains(where: { (0x4E00...0x9FFF).contains($0.value) }) { return "Noto Sans CJK SC" }
        return nil
    }

    private func short(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    private func bgr(_ rgb: String) -> String { String(rgb.suffix(2) + rgb.dropFirst(2).prefix(2) + rgb.prefix(2)) }

    private func clock(_ seconds: Double) -> String {
        let hundredths = Int((max(0, seconds) * 100).rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        return
            "\(hundredths / 360_000):\(two(hundredths / 6000 % 60)):\(two(hundredths / 100 % 60)).\(two(hundredths % 100))"
    }
}
