public import Foundation
public import VitrineCore

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
        let marked = scratch + "/clip.mp4"
        let probe = try await prepare(source, for: judgement, as: marked)
        try mark(marked, SourceMark(request: request, made: made))
        guard let probe else {
            let blank = try await Poster.blank(request.size, in: scratch, tools: tools)
            return FinishedClip(
                file: try await keep(marked, kind: "mp4"),
                poster: try await keep(blank, kind: "jpg"),
                size: PixelSize(width: 0, height: 0),
                seconds: 0,
                fps: 0,
                verdicts: judgement.unreadable
            )
        }
        var verdicts = judgement.verdicts(on: probe)
        var poster: String?
        if probe.size.longSide <= 8192, probe.seconds <= 120 {
            let inspection = try await ClipInspection.of(
                fileAt: marked,
                probe: probe,
                posters: scratch,
                tools: tools
            )
            verdicts += judgement.verdicts(on: inspection, probe: probe)
            poster = Poster.choose(in: scratch)
        } else {
            verdicts.append(Verdict(check: "decodes", passed: false, message: "it is larger than anything asked for"))
        }
        let picture: String
        if let poster {
            picture = poster
        } else {
            picture = try await Poster.blank(request.size, in: scratch, tools: tools)
        }
        return FinishedClip(
            file: try await keep(marked, kind: "mp4"),
            poster: try await keep(picture, kind: "jpg"),
            size: probe.size,
            seconds: probe.seconds,
            fps: probe.fps,
            verdicts: verdicts
        )
    }

    /// Puts the clip at `path`, its frames untouched: copied, or remuxed when it starts late or has no AAC track.
    private func prepare(
        _ source: String,
        for judgement: ClipJudgement,
        as path: String
    ) async throws(ProviderError) -> VideoProbe? {
        let probe = try await VideoProbe.of(fileAt: source, tools: tools)
        do {
            let layout = try MP4Layout(fileAt: source)
            if let probe, !layout.startsFast || !layout.isWhole || probe.audioCodec != "aac" {
                let run = try await ToolRun(tools: tools, limits: .judging).run(
                    tools.ffmpeg,
                    FFmpegFinisher.remuxing(source, probe, to: path)
                )
                if run.isDiskFull { throw ProviderError.diskFull }
                if run.ended == .well, let remuxed = try await VideoProbe.of(fileAt: path, tools: tools) {
                    return remuxed
                }
                folder.remove(path)
            }
            try FileManager.default.copyItem(atPath: source, toPath: path)
            return probe
        } catch {
            throw folder.error(error)
        }
    }

    private static func remuxing(_ source: String, _ probe: VideoProbe, to path: String) -> [String] {
        let input = [
            "-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file,pipe", "-f", "mov", "-t", "120", "-i",
            source.asFileAddress,
        ]
        let silence = ["-f", "lavfi", "-t", String(min(probe.seconds, 120)), "-i", "anullsrc=r=48000:cl=stereo"]
        let sound =
            probe.audioCodec == "aac"
            ? ["-c:a", "copy"] : ["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"]
        return input + (probe.audioCodec == nil ? silence : [])
            + ["-map", "0:v:0", "-map", probe.audioCodec == nil ? "1:a:0" : "0:a:0", "-c:v", "copy"] + sound
            + [
                "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart",
                "-f", "mp4", path.asFileAddress,
            ]
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

    static func trouble(_ error: StoreError) -> ProviderError {
        switch error.kind {
        case .notFound: ProviderError(JobFailure(.missing, "the clip is no longer in the media store"))
        case .full: .diskFull
        default: ProviderError(JobFailure(.finishFailed, "the media store cannot be used"), isPassing: true)
        }
    }
}
