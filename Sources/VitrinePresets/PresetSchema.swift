import VitrineCore

/// The language of presets, styles and categories as a JSON Schema, for editors and for those who write presets by program.
public enum PresetSchema {
    /// The schema, JSON Schema 2020-12, in one document that ends with a line end.
    public static func json() -> String {
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Vitrine presets, styles and categories",
          "anyOf": [
            {"$ref": "#/$defs/preset"},
            {"$ref": "#/$defs/style_book"},
            {"$ref": "#/$defs/category_book"}
          ],
          "$defs": {
            "name": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64},
            "words": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}]},
            "motion": {"enum": \(names(Motion.self))},
            "groups": {\(object(groups))},
            "match": {\(object(groups + [("not", ref("groups"))]))},
            "wording": {\(object(wording))},
            "locale": {\(object(wording + [("title", text)]))},
            "shot": {\(object(shot))},
            "tier": {\(object(tier))},
            "test": {\(object(test, required: ["given", "expect"]))},
            "preset": {\(object(preset, required: ["preset"]))},
            "style": {\(object(style, required: ["style", "words", "look"]))},
            "style_book": {\(object([("styles", list(ref("style")))], required: ["styles"]))},
            "category": {\(object(category, required: ["path"]))},
            "category_book": {\(object([("categories", list(ref("category")))], required: ["categories"]))}
          }
        }

        """
    }

    private typealias Key = (name: String, schema: String)

    private static let text = #"{"type": "string"}"#
    private static let optionalText = #"{"type": ["string", "null"]}"#
    private static let flag = #"{"type": "boolean"}"#
    private static let values =
        #"{"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}"#

    private static let preset: [Key] = [
        ("preset", ref("name")),
        ("title", text),
        ("extends", ref("name")),
        ("abstract", flag),
        ("match", ref("match")),
        ("weight", #"{"type": "integer", "minimum": -1000000, "maximum": 1000000}"#),
        ("frame", "{\(object(frame))}"),
        ("video", "{\(object(video))}"),
        ("sound", "{\(object(sound))}"),
        ("prompt", text),
        ("avoid", text),
        ("facts", values),
        ("shots", list(ref("shot"))),
        ("finish", "{\(object(finish))}"),
        ("locales", mapping(ref("locale"))),
        ("tiers", "{\(object([("draft", ref("tier")), ("final", ref("tier"))]))}"),
        ("providers", mapping(ref("wording"))),
        ("tests", list(ref("test"))),
    ]

    private static let groups: [Key] = [
        ("category", ref("words")),
        ("title", ref("words")),
        ("tag", ref("words")),
        ("vendor", ref("words")),
        ("type", ref("words")),
        ("attribute", mapping(ref("words"))),
        ("price", "{\(object([("from", #"{"type": "number"}"#), ("below", #"{"type": "number"}"#)]))}"),
    ]

    private static let frame: [Key] = [
        ("placements", list("{\"enum\": \(names(Placement.self))}", more: #", "minItems": 1"#)),
        ("fit", "{\"enum\": \(names(FrameRecipe.Fit.self))}"),
        ("background", ##"{"type": "string", "pattern": "^(auto|blur|#[0-9A-Fa-f]{6})$"}"##),
        ("product_size", #"{"type": "number", "minimum": 0.2, "maximum": 1}"#),
        ("alone", flag),
    ]

    private static let video: [Key] = [
        ("seconds", #"{"type": "number", "minimum": 2, "maximum": 30, "multipleOf": 0.5}"#),
        ("style", ref("name")),
        ("motion", ref("motion")),
        ("references", #"{"type": "integer", "minimum": 0, "maximum": 9}"#),
        ("fps", #"{"enum": [24, 25, 30]}"#),
    ]

    private static let sound: [Key] = [
        ("on", flag), ("ambient", optionalText), ("voice", "{\(object([("text", text), ("language", text)]))}"),
    ]

    private static let finish: [Key] = [
        ("text", #"{"type": ["array", "null"]}"#),
        ("captions", flag),
        ("logo", #"{"type": ["string", "object", "null"]}"#),
        ("end_card", #"{"type": ["string", "object", "null"]}"#),
        ("music", #"{"type": ["string", "object", "null"]}"#),
    ]

    private static let wording: [Key] = [("prompt", text), ("avoid", text), ("style", ref("name"))]

    private static let shot: [Key] = [
        ("from", "{\"enum\": \(names(VideoRequest.Shot.Beginning.self))}"),
        ("prompt", text),
        ("motion", ref("motion")),
        ("seconds", #"{"type": "number", "minimum": 1, "maximum": 30}"#),
        ("mood", flag),
        ("join", "{\"enum\": \(names(VideoRequest.Shot.Join.self))}"),
    ]

    private static let tier: [Key] = [
        ("provider", ref("words")),
        ("model", text),
        ("mode", text),
        ("resolution", text),
        ("sound", "{\(object([("on", flag)]))}"),
    ]

    private static let test: [Key] = [
        ("given", #"{"type": "object"}"#),
        (
            "expect",
            "{"
                + object([
                    ("preset", ref("name")), ("prompt_contains", ref("words")), ("prompt_lacks", ref("words")),
                    ("avoid_contains", ref("words")), ("locale", text), ("provider", text),
                ]) + "}"
        ),
    ]

    private static let style: [Key] = [
        ("style", ref("name")), ("title", text), ("words", text), ("tag", optionalText),
        ("look", "{\"enum\": \(names(Look.self))}"),
    ]

    private static let category: [Key] = [
        ("path", text),
        ("google", #"{"type": ["integer", "null"], "minimum": 1}"#),
        ("synonyms", mapping(ref("words"))),
    ]

    private static func object(_ keys: [Key], required: [String] = []) -> String {
        let properties = keys.map { "\"\($0.name)\": \($0.schema)" }.joined(separator: ", ")
        let needed =
            required.isEmpty ? "" : #", "required": ["# + required.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        return #""type": "object", "additionalProperties": false, "properties": {"# + properties + "}" + needed
    }

    private static func mapping(_ item: String) -> String {
        #"{"type": "object", "additionalProperties": "# + item + "}"
    }

    private static func list(_ item: String, more: String = "") -> String {
        #"{"type": "array", "items": "# + item + more + "}"
    }

    private static func ref(_ name: String) -> String {
        ##"{"$ref": "#/$defs/"## + name + #""}"#
    }

    private static func names<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
        "[" + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]"
    }
}
