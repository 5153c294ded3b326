/// The kinds of complaint that reading a feed can make, by their stable names; `docs/feeds.md` lists them all.
public enum FeedDiagnosticCode: String, Hashable, Sendable, CaseIterable {
    /// The feed is not UTF-8, and was read as something else.
    case encoding = "feed.encoding"
    /// There is a header, but nothing below it.
    case noRows = "feed.no-rows"
    /// Rows in which every cell is empty.
    case blankRows = "feed.blank-rows"
    /// Rows with fewer cells than the header.
    case shortRows = "feed.short-rows"
    /// Two columns have the same name.
    case repeatedColumn = "feed.repeated-column"
    /// The mapping names a column that the feed does not have.
    case missingColumn = "feed.missing-column"
    /// No column names pictures.
    case noPictureColumn = "feed.no-picture-column"
    /// The archive holds other files too.
    case otherFiles = "feed.other-files"
    /// The XML ends in the middle of an item.
    case cutShort = "feed.cut-short"

    /// The identity is empty.
    case noKey = "row.no-key"
    /// The title is empty.
    case noTitle = "row.no-title"
    /// The product has no picture.
    case noPicture = "row.no-picture"
    /// A picture is neither an address nor a file name.
    case badPicture = "row.bad-picture"
    /// Two addresses stand in one cell without anything between them.
    case gluedPictures = "row.glued-pictures"
    /// More pictures than are kept.
    case tooManyPictures = "row.too-many-pictures"
    /// A price cannot be read.
    case badPrice = "row.bad-price"
    /// The product is a draft or archived.
    case draft = "row.draft"
    /// The row belongs to a product that was left out.
    case leftOutParent = "row.left-out-parent"
    /// The row belongs to a product that the feed does not have.
    case orphan = "row.orphan"
    /// The row translates another one.
    case translation = "row.translation"
    /// The kind of row makes no product.
    case otherKind = "row.other-kind"
    /// The kind of row is not known.
    case unknownKind = "row.unknown-kind"
    /// The article is not shown by itself, and no product names it.
    case hidden = "row.hidden"
    /// More cells than the header has.
    case extraCells = "row.extra-cells"
    /// A quote opens a cell and is never closed.
    case unclosedQuote = "row.unclosed-quote"
    /// A cell is longer than is read.
    case cellTooLong = "row.cell-too-long"
    /// Bytes that are not of the feed's encoding.
    case badBytes = "row.bad-bytes"
    /// A spreadsheet rounded a number.
    case roundedNumber = "row.rounded-number"
    /// A SKU stands twice in one product.
    case doubledSKU = "row.doubled-sku"
    /// The same key stood further up.
    case repeated = "row.repeated"
    /// A value was cut.
    case cut = "row.cut"

    /// The mapping is not YAML, or not a mapping.
    case mapSyntax = "map.syntax"
    /// The mapping has a key that is not known.
    case mapUnknownKey = "map.unknown-key"
    /// The mapping has a value of the wrong kind.
    case mapValue = "map.value"
    /// The mapping lacks something that it needs.
    case mapMissing = "map.missing"
}
