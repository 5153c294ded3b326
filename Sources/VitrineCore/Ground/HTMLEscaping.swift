extension String {
    /// The text made safe for HTML, scalar by scalar, also within attributes; control characters are left out.
    ///
    /// By whole characters a quotation mark with a combining accent would pass and end an attribute.
    public var escapedForHTML: String {
        var safe = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "<": safe.append(contentsOf: "&lt;".unicodeScalars)
            case ">": safe.append(contentsOf: "&gt;".unicodeScalars)
            case "&": safe.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": safe.append(contentsOf: "&quot;".unicodeScalars)
            case "'": safe.append(contentsOf: "&#39;".unicodeScalars)
            case "`": safe.append(contentsOf: "&#96;".unicodeScalars)
            case "\t", "\n": safe.append(scalar)
            default: if scalar.value >= 32, !(127...159).contains(scalar.value) { safe.append(scalar) }
            }
        }
        return String(safe)
    }
}
