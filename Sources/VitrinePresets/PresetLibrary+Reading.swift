import VitrineCore

extension PresetLibrary {
    static func read(shipped: [PresetFile], own: [PresetFile]) -> Checked<PresetLibrary> {
        let complaints = Complaints()
        var styles = StyleReader()
        var categories = CategoryReader()
        var assembly = PresetAssembly(complaints)
        var version = CanonicalText("vitrine.presets.1")
        for (layer, files) in [("shipped", shipped), ("own", own)] {
            let isOwn = layer == "own"
            for file in files {
                version.write(layer, file.text)
                for document in YAMLReader.documents(of: file, complaints) {
                    guard let keys = document.entries?.map(\.key) else {
                        complaints.error(
                            .wrongType,
                            at: document,
                            "expected a mapping with `preset`, `styles` or `categories` but got \(document.kind)"
                        )
                        continue
                    }
                    if keys.contains("preset") {
                        assembly.add(document, isOwn: isOwn)
                    } else if keys.contains("styles") {
                        styles.read(document, isOwn: isOwn, complaints)
                    } else if keys.contains("categories") {
                        categories.read(document, isOwn: isOwn, complaints)
                    } else {
                        let kinds = ["preset", "styles", "categories"]
                        let hint = keys.lazy.compactMap { Spelling.nearest($0, among: kinds) }.first
                        complaints.error(
                            .unknownDocument,
                            at: document,
                            "expected one of the keys `preset`, `styles` and `categories`"
                                + (hint.map { ", did you mean `\($0)`?" } ?? "")
                        )
                    }
                }
            }
        }
        let styleBook = StyleBook(styles.styles.values)
        let book = categories.book
        let reader = PresetReader(styles: styleBook, categories: book, complaints: complaints)
        var presets: [Preset] = []
        var abstracts: [Preset] = []
        for name in assembly.names {
            guard let source = assembly.source(name), let document = assembly.resolved(source),
                var preset = reader.preset(document, name: name, parent: source.parent)
            else { continue }
            if source.document["prompt"] != nil {
                preset.inheritedLocales = (document["locales"]?.entries ?? []).map(\.key).filter { locale in
                    document["locales"]?[locale]?["prompt"] != nil
                        && source.document["locales"]?[locale]?["prompt"] == nil
                }
            }
            if source.document["abstract"]?.text == "true" {
                abstracts.append(preset)
            } else {
                presets.append(preset)
            }
        }
        let library = PresetLibrary(
            presets: presets,
            abstracts: abstracts,
            styles: styleBook,
            categories: book,
            version: version.digest
        )
        let files = (shipped + own).map(\.name)
        return Checked(library, complaints.sorted(by: files))
    }
}
