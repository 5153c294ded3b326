import Foundation
public import VitrineCore

extension FFmpegFinisher {
    /// The last frame of a clip, cut and scaled to the request's size.
    public func lastFrame(
        of clip: Clip,
        for request: VideoRequest
    ) async throws(ProviderError) -> (frame: FirstFrame, path: String) {
        let source = try await path(of: clip)
        return try await inScratch("last") { (folder) throws(ProviderError) in
            let picture = folder + "/last.png"
            // Every frame of the last second is written over the one before: what stays is the last.
            try await run([
                "-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file,pipe", "-f", "mov", "-sseof", "-1", "-i",
                source.asFileAddress, "-an", "-vf", FFmpegFinisher.fitting(request.size), "-update", "1",
                picture.asFileAddress,
            ])
            let file = try await keep(picture, kind: "png")
            let frame = FirstFrame(digest: file.digest, size: request.size, scale: 1)
            return (frame, try await path(of: Clip(file: file)))
        }
    }

    /// The clips one after another, each cut and scaled to the request's size and rate, with a cut or a cross-fade between them; a clip
    /// without sound is silent.
    public func join(_ clips: [Clip], for request: VideoRequest) async throws(ProviderError) -> Clip {
        var inputs: [String] = []
        var graph = ShotGraph(size: request.size, fps: request.fps)
        for (number, clip) in clips.enumerated() {
            let source = try await path(of: clip)
            guard let probe = try await VideoProbe.of(fileAt: source, tools: tools) else {
                throw ProviderError(JobFailure(.finishFailed, "the clip of shot \(number + 1) cannot be read"))
            }
            inputs += ["-protocol_whitelist", "file,pipe", "-f", "mov", "-t", "120", "-i", source.asFileAddress]
            let joins = request.joins
            graph.add(
                seconds: probe.seconds,
                hasSound: probe.audioCodec != nil,
                join: number > 0 && joins.indices.contains(number - 1) ? joins[number - 1] : .cut
            )
        }
        let (all, whole) = (inputs, graph.text)
        return try await inScratch("join") { (folder) throws(ProviderError) in
            let joined = folder + "/joined.mp4"
            try await run(
                ["-v", "error", "-nostdin", "-y"] + all + [
                    "-filter_complex", whole, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-profile:v", "high",
                    "-preset", "veryfast", "-crf", "17", "-threads", "2", "-g", "\(2 * request.fps)", "-c:a", "aac",
                    "-b:a", "160k", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
                    "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", joined.asFileAddress,
                ]
            )
            return Clip(file: try await keep(joined, kind: "mp4"))
        }
    }

    static func fitting(_ size: PixelSize) -> String {
        "scale=\(size.width):\(size.height):force_original_aspect_ratio=increase:flags=lanczos,"
            + "crop=\(size.width):\(size.height),setsar=1"
    }

    private func run(_ arguments: [String]) async throws(ProviderError) {
        let outcome = try await ToolRun(tools: tools, limits: .encoding).run(tools.ffmpeg, arguments)
        if outcome.isDiskFull { throw ProviderError.diskFull }
        guard outcome.ended == .well else {
            throw ProviderError(JobFailure(.finishFailed, "the shots could not be put together"))
        }
    }

    private func path(of clip: Clip) async throws(ProviderError) -> String {
        do throws(StoreError) {
            return try await media.path(of: clip.file)
        } catch {
            throw FFmpegFinisher.trouble(error)
        }
    }

    private func inScratch<Value: Sendable>(
        _ name: String,
        _ body: (String) async throws(ProviderError) -> Value
    ) async throws(ProviderError) -> Value {
        let scratch: String
        do {
            scratch = try folder.scratch(name)
        } catch {
            throw folder.error(error)
        }
        defer { folder.remove(scratch) }
        return try await body(scratch)
    }
}
