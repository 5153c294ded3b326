/// A profile's columns found in one feed's header, as places in its rows.
struct BoundColumns {
    struct Attribute {
        var name: String
        var places: [Int]
        var isOfVariant: Bool
    }

    /// The columns as the feed writes them.
    let names: [String]
    let identity: [Int]
    let optionNames: [Int]
    let optionValues: [Int]
    let optionColumns: [Int]
    /// What the options of those columns are called: as the attributes that they set, where they set one.
    let optionColumnNames: [String]
    let optionTexts: [Int]
    let kinds: [Int]
    let status: [Int]
    let hidden: [Int]
    let attributes: [Attribute]
    /// Columns that the profile does not name: their attribute and place.
    let others: [(name: String, place: Int)]
    private let fields: [FeedProfile.Field: [Int]]

    init(_ profile: FeedProfile, names: [String]) {
        self.names = names
        let normal = names.map { HeaderName.normal($0) }
        let prefixed = names.map { $0.hasPrefix("g:") }
        var used = Set<Int>()
        func places(_ patterns: [String]) -> [Int] {
            var places: [Int] = []
            for pattern in patterns {
                var found = normal.indices.compactMap { index in
                    HeaderName.number(of: normal[index], in: pattern).map { (index: index, number: $0) }
                }
                found.sort {
                    ($0.number, prefixed[$0.index] ? 0 : 1, $0.index) < (
                        $1.number, prefixed[$1.index] ? 0 : 1, $1.index
                    )
                }
                places += found.map(\.index).filter { !places.contains($0) }
            }
            used.formUnion(places)
            return places
        }
        identity = places(profile.identity)
        optionNames = places(profile.options.names)
        optionValues = places(profile.options.values)
        optionColumns = places(profile.options.columns)
        optionTexts = places(profile.options.text)
        kinds = places(profile.kinds.columns)
        status = places(profile.status.columns)
        hidden = places(profile.hiddenColumns)
        fields = profile.columns.mapValues { places($0) }
        attributes = profile.attributes.compactMap { attribute in
            let found = places(attribute.columns)
            guard !found.isEmpty else { return nil }
            return Attribute(
                name: attribute.name,
                places: found,
                isOfVariant: profile.variantAttributes.contains(attribute.name)
            )
        }
        optionColumnNames = optionColumns.map { [attributes] place in
            attributes.first { $0.places.contains(place) }?.name ?? names[place]
        }
        _ = places(profile.ignored)
        let known = Set(profile.attributes.map(\.name))
        others = normal.indices.compactMap { index in
            guard !used.contains(index), !normal[index].isEmpty else { return nil }
            let key = HeaderName.key(names[index])
            return key.isEmpty || known.contains(key) ? nil : (key, index)
        }
    }

    /// The places of a field's columns, the preferred first.
    subscript(_ field: FeedProfile.Field) -> [Int] { fields[field] ?? [] }

    /// What the feed calls a column.
    func name(_ place: Int) -> String { place < names.count && place >= 0 ? names[place] : "" }
}
