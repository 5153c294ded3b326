/// The keys of the preset language, in one place for the reader and the schema.
enum PresetKeys {
    static let preset = [
        "preset", "title", "extends", "abstract", "match", "weight", "frame", "video", "sound", "prompt", "avoid",
        "facts",
        "shots", "finish", "locales", "tiers", "providers", "tests",
    ]
    static let groups = ["category", "title", "tag", "vendor", "type", "attribute", "price"]
    static let match = groups + ["not"]
    static let price = ["from", "below"]
    static let frame = ["placements", "fit", "background", "product_size", "alone"]
    static let video = ["seconds", "style", "motion", "references", "fps"]
    static let sound = ["on", "ambient", "voice"]
    static let voice = ["text", "language"]
    static let shot = ["from", "prompt", "motion", "seconds", "mood", "join"]
    static let finish = ["text", "captions", "logo", "end_card", "music"]
    static let wording = ["prompt", "avoid", "style"]
    static let locale = wording + ["title"]
    static let tiers = ["draft", "final"]
    static let tier = ["provider", "model", "mode", "resolution", "sound"]
    static let tierSound = ["on"]
    static let test = ["given", "expect"]
    static let expect = ["preset", "prompt_contains", "prompt_lacks", "avoid_contains", "locale", "provider"]
    /// What a preset does not take from the one that it extends.
    static let notInherited = ["preset", "title", "extends", "abstract", "match", "weight", "tests"]
    /// What may be extended from a preset of the same name: everything but its tests.
    static let notAmended = ["preset", "extends", "abstract", "tests"]
}
