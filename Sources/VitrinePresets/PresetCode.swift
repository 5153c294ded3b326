/// The kinds of complaints about presets, styles and categories; each is the code of a diagnostic.
public enum PresetCode: String, Hashable, Sendable, CaseIterable {
    /// The file is no YAML.
    case yaml = "presets.yaml"
    /// Aliases, anchors, tags and merge keys are refused.
    case refusedYAML = "presets.refused-yaml"
    /// The file is larger than is read.
    case tooLarge = "presets.too-large"
    /// Values stand deeper in each other than is read.
    case tooDeep = "presets.too-deep"
    /// A key stands twice in one mapping.
    case duplicateKey = "presets.duplicate-key"
    /// A document is neither a preset nor a style book nor a category book.
    case unknownDocument = "presets.unknown-document"
    /// A key means nothing.
    case unknownKey = "presets.unknown-key"
    /// A key that must be there is missing.
    case missingKey = "presets.missing-key"
    /// A value has the wrong type.
    case wrongType = "presets.wrong-type"
    /// A value is not among those that are possible.
    case badValue = "presets.bad-value"
    /// A number is out of its range.
    case outOfRange = "presets.out-of-range"
    /// A name is not written as names are.
    case badName = "presets.bad-name"
    /// Two presets, styles or nodes of one layer have one name.
    case duplicateName = "presets.duplicate-name"
    /// Two categories claim one word.
    case duplicateSynonym = "presets.duplicate-synonym"
    /// A preset extends one that is not there.
    case unknownPreset = "presets.unknown-preset"
    /// A preset extends one that is left out.
    case brokenParent = "presets.broken-parent"
    /// Presets extend each other in a circle.
    case cycle = "presets.cycle"
    /// A style is not in the style book.
    case unknownStyle = "presets.unknown-style"
    /// A motion does not exist.
    case unknownMotion = "presets.unknown-motion"
    /// A provider is none that Vitrine knows.
    case unknownProvider = "presets.unknown-provider"
    /// A category is not in the category book.
    case unknownCategory = "presets.unknown-category"
    /// A name could be several categories.
    case ambiguousCategory = "presets.ambiguous-category"
    /// A logo or music cannot be taken.
    case finishFile = "presets.finish-file"
    /// A prompt is no Mustache, or uses what prompts may not.
    case template = "presets.template"
    /// A prompt names something that no product has.
    case unknownVariable = "presets.unknown-variable"
    /// A fact is used by no prompt.
    case unusedFact = "presets.unused-fact"
    /// A preset saved under a name defines another, none, or several.
    case otherName = "presets.other-name"
    /// A preset has a prompt of its own and inherits that of another language.
    case inheritedLocale = "presets.inherited-locale"
    /// A prompt can get longer than its provider takes.
    case promptTooLong = "presets.prompt-too-long"
    /// A shot made of text alone would stand for the product.
    case shotWithoutProduct = "presets.shot-without-product"
    /// No product is ever given the preset, nor does another extend it.
    case neverMatches = "presets.never-matches"
    /// Two presets take the same products, and only their names decide.
    case sameMatch = "presets.same-match"
    /// No preset takes what is left.
    case noFallback = "presets.no-fallback"
    /// A test inside a preset fails.
    case failedTest = "presets.failed-test"
}
