extension String {
    /// It as YAML reads it in double quotes, on one line.
    var asYAML: String {
        var text = "\""
        for character in unicodeScalars {
            switch character {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where character.value < 32 || character.value == 127: break
            default: text.unicodeScalars.append(character)
            }
        }
        return text + "\""
    }
}
