public import Foundation
public import VitrineCore
import VitrineImaging

/// Judges a clip with ffprobe and ffmpeg, marks it with how it was made, and makes its poster.
public struct FFmpegFinisher: ClipFinisher {
    let tools: VideoTools
    let media: any MediaStore
    let folder: WorkFolder

    /// A finisher that works in folders of its own below `work` and keeps its files in `media`.
    public init(tools: VideoTools, media: any MediaStore, work: String) {
        self.tools = tools
        self.media = media
        self.folder = WorkFolder(path: work)
    }

    /// The marked and judged clip.
    ///
    /// What its checks refuse, garbage too, comes back with failed verdicts and is not thrown.
    /// Throws `missing` when the clip's file or a program is not there, and `diskFull`.
    public func finish(
        _ clip: Clip,
        for request: VideoRequest,
        made: Date
    ) async throws(ProviderError) -> FinishedClip {
        let source: String
        do throws(StoreError) {
            source = try await media.path(of: clip.file)
        } catch {
            throw FFmpegFinisher.trouble(error)
        }
        guard folder.hasFile(source) else {
            throw ProviderError(JobFailure(.missing, "the clip `\(clip.file.digest.short)` is not there"))
        }
        let scratch: String
        do {
            scratch = try folder.scratch("finish")
        } catch {
            throw folder.error(error)
        }
        defer { folder.remove(scratch) }

        let judgement = ClipJudgement(request: request)
        let recipe = FinishRecipe(request.finish)
        let marked = scratch + "/clip.mp4"
        let (probe, isDressed) = try await prepare(source, recipe, in: scratch)
        try mark(marked, SourceMark(request: request, made: made))
        guard let probe else {
            return FinishedClip(
                file: try await keep(marked, kind: "mp4"),
                poster: try await keep(Poster.blank(request.size)),
                size: PixelSize(width: 0, height: 0),
                seconds: 0,
                fps: 0,
                verdicts: judgement.unreadable
            )
        }
        var verdicts = judgement.verdicts(on: probe)
        if !isDressed, recipe.isSeen || recipe.music != nil {
            let message = "what the preset puts over the clip could not be put there"
            verdicts.append(Verdict(check: "finish", passed: false, message: message))
        }
        var picture: Data?
        if probe.size.longSide <= 8192, probe.seconds <= 120 {
            let poster = Poster(of: probe, endCard: recipe.endCard?.seconds ?? 0, in: scratch)
            let inspection = try await ClipInspection.of(fileAt: marked, probe: probe, poster: poster, tools: tools)
            verdicts += judgement.verdicts(on: inspection, probe: probe)
            picture = poster.jpeg()
        } else {
            verdicts.append(Verdict(check: "decodes", passed: false, message: "it is larger than anything asked for"))
        }
        return FinishedClip(
            file: try await keep(marked, kind: "mp4"),
            poster: try await keep(picture ?? Poster.blank(request.size)),
            size: probe.size,
            seconds: probe.seconds,
            fps: probe.fps,
            verdicts: verdicts
        )
    }

    /// Puts the clip into the folder as `clip.mp4`: dressed, or with its frames untouched where it lacks nothing.
    private func prepare(
        _ source: String,
        _ recipe: FinishRecipe,
        in scratch: String
    ) async throws(ProviderError) -> (probe: VideoProbe?, isDressed: Bool) {
        let path = scratch + "/clip.mp4"
        let probe = try await VideoProbe.of(fileAt: source, tools: tools)
        do {
            if let probe, probe.size.longSide <= 8192 {
                let layout = try MP4Layout(fileAt: source)
                let dressing = Dressing(
                    source: source,
                    probe: probe,
                    layout: layout,
                    recipe: recipe,
                    folder: scratch,
                    tools: tools
                )
                if dressing.isNeeded {
                    if let dressed = try await dress(dressing, recipe, in: scratch) { return (dressed, true) }
                    folder.remove(path)
                }
            }
            try FileManager.default.copyItem(atPath: source, toPath: path)
            return (probe, false)
        } catch {
            throw folder.error(error)
        }
    }

    /// The dressed clip, by what it is then; nil where a damaged clip could not be read to its end, which its checks will say.
    private func dress(
        _ dressing: Dressing,
        _ recipe: FinishRecipe,
        in scratch: String
    ) async throws -> VideoProbe? {
        let words = TitleScript(size: dressing.probe.size, seconds: dressing.probe.seconds, recipe: recipe)
        if let text = words.text { try Data(text.utf8).write(to: URL(filePath: scratch + "/words.ass")) }
        let run = try await dressing.write(
            logo: try await picture(recipe.logo?.file, as: scratch + "/logo.png"),
            card: try await picture(recipe.endCard?.logo, as: scratch + "/card.png"),
            music: try await path(of: recipe.music?.file, "music")
        )
        if run.isDiskFull { throw ProviderError.diskFull }
        return run.ended == .well ? try await VideoProbe.of(fileAt: scratch + "/clip.mp4", tools: tools) : nil
    }

    /// A picture of the store as a PNG that we wrote ourselves: ffmpeg reads no picture that others made.
    private func picture(_ file: MediaFile?, as path: String) async throws -> String? {
        guard let source = try await self.path(of: file, "logo") else { return nil }
        let bytes = try Data(contentsOf: URL(filePath: source))
        let png: Data
        do throws(ImageRefusal) {
            let bitmap = try ImageIntake.bitmap(
                bytes,
                limits: ImageLimits(smallestSide: 1),
                covering: PixelSize(width: 640, height: 640)
            )
            png = ImageEncoding.png(bitmap)
        } catch {
            throw ProviderError(JobFailure(.finishFailed, "the logo cannot be used: \(error.message)"))
        }
        try png.write(to: URL(filePath: path))
        return path
    }

    private func path(of file: MediaFile?, _ what: String) async throws(ProviderError) -> String? {
        guard let file else { return nil }
        do throws(StoreError) {
            return try await media.path(of: file)
        } catch {
            throw ProviderError(
                JobFailure(.finishFailed, "the \(what) of the preset is no longer there", hint: "plan and apply again")
            )
        }
    }

    /// Adds the mark behind the last box, where it moves no other; a file without whole boxes is left as it is.
    private func mark(_ path: String, _ mark: SourceMark) throws(ProviderError) {
        do {
            guard try MP4Layout(fileAt: path).isWhole else { return }
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            try file.seekToEnd()
            try file.write(contentsOf: mark.box)
            try file.close()
        } catch {
            throw folder.error(error)
        }
    }

    func keep(_ path: String, kind: String) async throws(ProviderError) -> MediaFile {
        do throws(StoreError) {
            return try await media.adopt(fileAt: path, kind: kind)
        } catch {
            throw FFmpegFinisher.trouble(error)
        }
    }

    private func keep(_ jpeg: Data) async throws(ProviderError) -> MediaFile {
        do throws(StoreError) {
            return try await media.put(jpeg, kind: "jpg")
        } catch {
            throw FFmpegFinisher.trouble(error)
        }
    }

    static func trouble(_ error: StoreError) -> ProviderError {
        switch error.kind {
        case .notFound: ProviderError(JobFailure(.missing, "the clip is no longer in the media store"))
        case .full: .diskFull
        default: ProviderError(JobFailure(.finishFailed, "the media store cannot be used"), isPassing: true)
        }
    }
}
