import Foundation
import VitrineCore

/// Makes presets of documents that already hold what they inherit.
struct PresetReader {
    let styles: StyleBook
    let categories: CategoryBook
    let complaints: Complaints

    /// The preset, or nil when something in it is wrong and it is left out.
    func preset(_ document: YAMLValue, name: String, parent: String?) -> Preset? {
        let errors = complaints.errors
        guard let reader = MapReader(document, keys: PresetKeys.preset, complaints) else { return nil }
        var preset = Preset(
            name: name,
            title: reader.text("title") ?? name,
            parent: parent,
            file: document.file,
            line: document.line,
            version: version(of: document)
        )
        preset.match = document.entries?.contains { $0.key == "match" } == true ? rule(reader) : nil
        preset.weight = reader.whole("weight", in: -1_000_000...1_000_000) ?? 0
        if let frame = reader.map("frame", keys: PresetKeys.frame) { preset.frame = self.frame(frame) }
        if let video = reader.map("video", keys: PresetKeys.video) { preset.video = self.video(video) }
        if let sound = reader.map("sound", keys: PresetKeys.sound) { preset.sound = self.sound(sound) }
        if let prompt = template(reader, "prompt") { preset.prompt = prompt }
        if let avoid = template(reader, "avoid") { preset.avoid = avoid }
        preset.facts = facts(reader)
        preset.shots = shots(reader)
        if let finish = reader.map("finish", keys: PresetKeys.finish) {
            flatten(finish.value, name: "", into: &preset.finish)
        }
        preset.locales = locales(reader)
        preset.tiers = tiers(reader)
        preset.providers = providers(reader)
        preset.tests = PresetTestReader(complaints: complaints).tests(reader)
        return complaints.errors == errors ? preset : nil
    }

    private func version(of document: YAMLValue) -> Digest {
        var counted = document
        if case .map(let entries) = document.content {
            counted.content = .map(entries.filter { !["tests", "title", "extends", "abstract"].contains($0.key) })
        }
        var text = "vitrine.preset.1\n"
        counted.write(to: &text)
        if let style = document["video"]?["style"]?.text.flatMap({ styles[$0] }) {
            text += "\n\(style.words)\n\(style.tag ?? "")\n\(style.look.rawValue)"
        }
        return Digest(of: text)
    }

    private func frame(_ reader: MapReader) -> Preset.Frame {
        var frame = Preset.Frame()
        if let values = reader.texts("placements") {
            var placements: [Placement] = []
            for value in values {
                guard let placement = reader.choice(of: value, "placements", Placement.self) else { continue }
                if !placements.contains(placement) { placements.append(placement) }
            }
            if values.isEmpty, let value = reader.value["placements"] {
                complaints.error(.badValue, at: value, field: "frame.placements", "expected at least one placement")
            }
            if !placements.isEmpty { frame.placements = placements }
        }
        frame.fit = reader.choice("fit", FrameRecipe.Fit.self) ?? frame.fit
        if let text = reader.text("background"), let value = reader.value["background"] {
            if let background = FrameRecipe.Background(text) {
                frame.background = background
            } else {
                complaints.error(
                    .badValue,
                    at: value,
                    field: "frame.background",
                    "expected `auto`, `blur` or a colour such as `\"#f4f1ec\"` but got \(value.kind)"
                )
            }
        }
        frame.productSize = reader.number("product_size", in: 0.2...1) ?? frame.productSize
        frame.isAlone = reader.flag("alone") ?? frame.isAlone
        return frame
    }

    private func video(_ reader: MapReader) -> Preset.Video {
        var video = Preset.Video()
        if let seconds = reader.number("seconds", in: 2...30), let value = reader.value["seconds"] {
            video.seconds = seconds
            if seconds * 2 != (seconds * 2).rounded() {
                complaints.error(
                    .badValue,
                    at: value,
                    field: "video.seconds",
                    "expected whole or half seconds but got `\(value.text ?? "")`"
                )
            }
        }
        video.style = style(reader, "style")
        video.motion = reader.choice("motion", Motion.self, .unknownMotion) ?? video.motion
        video.references = reader.whole("references", in: 0...9) ?? 0
        if let fps = reader.whole("fps", in: 24...30), let value = reader.value["fps"] {
            video.fps = fps
            if fps != 24, fps != 25, fps != 30 {
                complaints.error(.badValue, at: value, field: "video.fps", "expected 24, 25 or 30 but got \(fps)")
            }
        }
        return video
    }

    private func style(_ reader: MapReader, _ key: String) -> String? {
        guard let name = reader.text(key), let value = reader.value[key] else { return nil }
        if styles[name] == nil {
            complaints.error(
                .unknownStyle,
                at: value,
                field: reader.field(key),
                "unknown style `\(name)`" + Spelling.suggestion(for: name, among: styles.names)
            )
        }
        return name
    }

    private func sound(_ reader: MapReader) -> VideoRequest.Sound {
        var sound = VideoRequest.Sound()
        sound.isOn = reader.flag("on") ?? false
        sound.ambient = reader.text("ambient").flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        if let voice = reader.map("voice", keys: PresetKeys.voice) {
            sound.voice = voice.text("text").flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
            let language = voice.text("language")
            if sound.voice != nil { sound.language = language }
        }
        return sound
    }

    private func template(_ reader: MapReader, _ key: String) -> PromptTemplate? {
        guard let text = reader.text(key), let value = reader.value[key] else { return nil }
        do throws(PromptTemplate.Refusal) {
            return try PromptTemplate(text)
        } catch {
            complaints.error(.template, at: value, field: reader.field(key), error.message, hint: error.hint)
            return nil
        }
    }

    private func wording(_ reader: MapReader) -> Preset.Wording {
        Preset.Wording(
            prompt: template(reader, "prompt"),
            avoid: template(reader, "avoid"),
            style: style(reader, "style")
        )
    }

    private func facts(_ reader: MapReader) -> [String: String] {
        guard let facts = reader.map("facts", keys: nil) else { return [:] }
        var values: [String: String] = [:]
        for entry in facts.value.entries ?? [] where !entry.value.isNull {
            guard let text = facts.text(entry.key) else { continue }
            let isFalse = entry.value.content == .scalar("false", isPlain: true)
            values[AttributeName.snake(entry.key)] = isFalse ? "" : text.trimmed
        }
        return values
    }

    private func shots(_ reader: MapReader) -> [Preset.Shot] {
        (reader.list("shots") ?? []).enumerated().compactMap { number, value in
            guard let shot = MapReader(value, path: "shots", keys: PresetKeys.shot, complaints) else { return nil }
            let from = shot.choice("from", VideoRequest.Shot.Beginning.self) ?? .picture
            let isMood = shot.flag("mood") ?? false
            let prompt = template(shot, "prompt")
            if from == .text, !isMood {
                complaints.error(
                    .shotWithoutProduct,
                    at: value,
                    field: "shots.from",
                    "a shot from `text` alone would invent the product",
                    hint: "begin from `picture` or `previous`, or say `mood: true` where no product is to be seen"
                )
            }
            if from == .text, prompt == nil {
                complaints.error(.missingKey, at: value, field: "shots.prompt", "a shot from `text` needs `prompt`")
            }
            let join = shot.choice("join", VideoRequest.Shot.Join.self) ?? .cut
            if number == 0, join != .cut {
                complaints.error(
                    .badValue,
                    at: value,
                    field: "shots.join",
                    "the first shot follows none that it could join"
                )
            }
            return Preset.Shot(
                from: from,
                prompt: prompt,
                motion: shot.choice("motion", Motion.self, .unknownMotion),
                seconds: shot.number("seconds", in: 1...30),
                isMood: isMood,
                join: join
            )
        }
    }

    private func flatten(_ value: YAMLValue, name: String, into finish: inout [String: String]) {
        switch value.content {
        case .scalar(let text, let isPlain):
            guard !value.isNull, !(isPlain && text == "false"), !text.trimmed.isEmpty else { return }
            finish[name] = text.trimmed
            guard Preset.holdsWords(name), text.contains("{{") else { return }
            do throws(PromptTemplate.Refusal) {
                _ = try PromptTemplate(text)
            } catch {
                complaints.error(.template, at: value, field: "finish." + name, error.message, hint: error.hint)
            }
        case .list(let values):
            for (index, value) in values.enumerated() { flatten(value, name: "\(name).\(index)", into: &finish) }
        case .map(let entries):
            for entry in entries {
                flatten(entry.value, name: name.isEmpty ? entry.key : "\(name).\(entry.key)", into: &finish)
            }
        }
    }

    private func locales(_ reader: MapReader) -> [String: Preset.Wording] {
        guard let locales = reader.map("locales", keys: nil) else { return [:] }
        var wordings: [String: Preset.Wording] = [:]
        for entry in locales.value.entries ?? [] where !entry.value.isNull {
            let parts = entry.key.split(separator: "-", omittingEmptySubsequences: false)
            let isLocale =
                parts.allSatisfy { (2...8).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isLetterOrDigit) }
                && (2...3).contains(parts.first?.utf8.count ?? 0)
            if !isLocale {
                complaints.error(
                    .badName,
                    at: entry.value,
                    field: "locales",
                    "expected a locale such as `zh-CN` but got `\(entry.key)`"
                )
            }
            guard let wording = locales.map(entry.key, keys: PresetKeys.locale) else { continue }
            wordings[entry.key.lowercased()] = self.wording(wording)
        }
        return wordings
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20)
    }

    private func tiers(_ reader: MapReader) -> [Tier: Preset.TierSettings] {
        guard let tiers = reader.map("tiers", keys: PresetKeys.tiers) else { return [:] }
        var settings: [Tier: Preset.TierSettings] = [:]
        for tier in Tier.allCases {
            guard let found = tiers.map(tier.rawValue, keys: PresetKeys.tier) else { continue }
            var value = Preset.TierSettings()
            value.providers = (found.texts("provider") ?? []).compactMap { $0.text.map { ProviderID($0) } }
            if value.providers.isEmpty { value.providers = [.local] }
            value.model = found.text("model")
            value.mode = found.text("mode")
            value.resolution = found.text("resolution")
            if let resolution = value.resolution, value.shortSide == nil, let place = found.value["resolution"] {
                let names = Preset.TierSettings.resolutions.keys.sorted()
                complaints.error(
                    .badValue,
                    at: place,
                    field: found.field("resolution"),
                    "unknown resolution `\(resolution)`" + Spelling.suggestion(for: resolution, among: names),
                    hint: "such as `720P`, `1080P` or `4K`"
                )
            }
            value.soundOn = found.map("sound", keys: PresetKeys.tierSound)?.flag("on")
            settings[tier] = value
        }
        return settings
    }

    private func providers(_ reader: MapReader) -> [ProviderID: Preset.Wording] {
        guard let providers = reader.map("providers", keys: nil) else { return [:] }
        var wordings: [ProviderID: Preset.Wording] = [:]
        for entry in providers.value.entries ?? [] where !entry.value.isNull {
            guard let wording = providers.map(entry.key, keys: PresetKeys.wording) else { continue }
            wordings[ProviderID(entry.key)] = self.wording(wording)
        }
        return wordings
    }
}
