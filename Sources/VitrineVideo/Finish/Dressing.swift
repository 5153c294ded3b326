import Foundation
import VitrineCore
import VitrineImaging

/// Puts over a clip what a finish asks for, and brings every clip to the form in which ours are kept: H.264 tagged BT.709, moov
/// first, AAC in stereo at 48 kHz.
struct Dressing: Sendable {
    let source: String
    let probe: VideoProbe
    let layout: MP4Layout
    let recipe: FinishRecipe
    /// The folder that all its files stand in.
    let folder: String
    let tools: VideoTools

    /// Whether the clip must be written anew at all.
    var isNeeded: Bool {
        recipe.isSeen || recipe.music != nil || !layout.startsFast || !layout.isWhole || !probe.hasOurSound
            || probe.color != .bt709
    }

    /// Writes the clip to `clip.mp4` of the folder; throws what `ToolRun` throws, and gives back how it ended.
    ///
    /// `logo`, `card` and `music` are the paths of what the recipe names.
    func write(logo: String?, card: String?, music: String?) async throws(ProviderError) -> ToolOutcome {
        let graph = try await graph(logo: logo, card: card, music: music)
        var arguments = ["-v", "error", "-nostdin", "-y"] + graph.inputs
        if !graph.filters.isEmpty { arguments += ["-filter_complex", graph.filters.joined(separator: ";")] }
        arguments += ["-map", graph.video, "-map", graph.audio, "-t", String(min(probe.seconds, 120))]
        arguments += isDrawn ? ClipRenderer.x264 + ["-g", String(Int(2 * probe.fps.rounded()))] : copying
        if music == nil, probe.hasOurSound {
            arguments += ["-c:a", "copy"]
        } else {
            arguments += ["-c:a", "aac", "-b:a", "160k", "-ar", "48000", "-ac", "2"]
        }
        arguments += [
            "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1",
            "-movflags",
            "+faststart", "-f", "mp4", (folder + "/clip.mp4").asFileAddress,
        ]
        return try await ToolRun(tools: tools, limits: .encoding).run(tools.ffmpeg, arguments, in: folder)
    }

    // MARK: The graph

    struct Graph: Hashable, Sendable {
        var inputs: [String]
        var filters: [String] = []
        var video = "0:v:0"
        var audio = "0:a:0"
        var next = 1

        mutating func add(_ input: [String]) -> Int {
            inputs += input
            next += 1
            return next - 1
        }
    }

    /// Frames are drawn anew for words and pictures, and where their colours are of another standard.
    private var isDrawn: Bool { recipe.isSeen || probe.color == .other }

    /// A copy says at least which colours it holds.
    ///
    /// A clip that was cut off keeps its last broken frame, so that its checks see it.
    private var copying: [String] {
        ["-c:v", "copy"]
            + (probe.color == .unnamed && probe.videoCodec == "h264" && layout.isWhole
                ? [
                    "-bsf:v",
                    "h264_metadata=colour_primaries=1:transfer_characteristics=1:matrix_coefficients=1:video_full_range_flag=0",
                ] : [])
    }

    private func graph(logo: String?, card: String?, music: String?) async throws(ProviderError) -> Graph {
        var graph = Graph(
            inputs: (isDrawn ? ["-xerror", "-err_detect", "explode"] : []) + [
                "-protocol_whitelist", "file,pipe", "-f", "mov", "-t", "120", "-i", source.asFileAddress,
            ]
        )
        if probe.audioCodec == nil {
            let silence = "anullsrc=r=48000:cl=stereo"
            let index = graph.add(["-f", "lavfi", "-t", String(min(probe.seconds, 120)), "-i", silence])
            graph.audio = "\(index):a:0"
        }
        if isDrawn { draw(&graph, logo: logo, card: card) }
        if let music, let recipe = recipe.music { try await play(music, recipe, &graph) }
        return graph
    }

    private func draw(_ graph: inout Graph, logo: String?, card: String?) {
        let (width, height) = (probe.size.width, probe.size.height)
        let unit = Double(probe.size.shortSide)
        let from = probe.color == .other ? "scale=out_color_matrix=bt709:out_range=tv," : ""
        graph.filters.append("[0:v:0]\(from)setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709[v0]")
        var last = "v0"
        func overlay(_ input: String, _ filters: String, _ place: String, as name: String) {
            graph.filters.append("[\(input)]\(filters)[\(name)p]")
            graph.filters.append("[\(last)][\(name)p]overlay=\(place):format=yuv420:eof_action=repeat[\(name)]")
            last = name
        }
        if let logo, let recipe = recipe.logo {
            let side = Int(recipe.size * unit)
            let (x, y) = (Int(0.05 * unit), Int((probe.size.aspect < 0.7 ? 0.07 : 0.05) * Double(height)))
            let across = recipe.corner == .topLeft || recipe.corner == .bottomLeft ? "\(x)" : "W-w-\(x)"
            let down = recipe.corner == .topLeft || recipe.corner == .topRight ? "\(y)" : "H-h-\(y)"
            let index = graph.add(Dressing.picture(logo))
            overlay("\(index):v:0", Dressing.fitted(side), "\(across):\(down)", as: "logo")
        }
        if let end = recipe.endCard {
            let begins = max(0, probe.seconds - min(end.seconds, probe.seconds / 2))
            let fade = "format=yuva420p,fade=t=in:st=\(begins):d=0.35:alpha=1"
            let index = graph.add([
                "-f", "lavfi", "-t", String(probe.seconds), "-i",
                "color=c=0x\(end.background):s=\(width)x\(height):r=\(probe.fps)",
            ])
            overlay("\(index):v:0", "scale=out_color_matrix=bt709:out_range=tv,\(fade)", "0:0", as: "card")
            if let card {
                let index = graph.add(
                    ["-loop", "1", "-framerate", String(probe.fps)] + Dressing.picture(card, looped: true)
                )
                let middle = end.words.trimmed.isEmpty ? "(H-h)/2" : "H*0.42-h/2"
                overlay("\(index):v:0", "\(Dressing.fitted(Int(0.42 * unit))),\(fade)", "(W-w)/2:\(middle)", as: "mark")
            }
        }
        if TitleScript(size: probe.size, seconds: probe.seconds, recipe: recipe).text != nil {
            graph.filters.append("[\(last)]ass=filename=words.ass:shaping=complex[words]")
            last = "words"
        }
        graph.filters.append("[\(last)]format=yuv420p[video]")
        graph.video = "[video]"
    }

    private static func picture(_ path: String, looped: Bool = false) -> [String] {
        ["-protocol_whitelist", "file,pipe", "-f", looped ? "image2" : "png_pipe"]
            + (looped ? ["-pattern_type", "none"] : []) + ["-i", path.asFileAddress]
    }

    private static func fitted(_ side: Int) -> String {
        "scale=w=\(side):h=\(side):force_original_aspect_ratio=decrease:flags=lanczos:out_color_matrix=bt709:out_range=tv,"
            + "format=yuva420p"
    }

    /// The bed under what is to be heard: looped, faded, and as loud as asked.
    ///
    /// It is heard once to be measured.
    private func play(_ path: String, _ music: FinishRecipe.Music, _ graph: inout Graph) async throws(ProviderError) {
        let seconds = min(probe.seconds, 120)
        let index = graph.add(
            [
                "-stream_loop", "-1", "-protocol_whitelist", "file,pipe", "-f", try Dressing.demuxer(of: path), "-t",
                String(seconds),
            ]
                + ["-i", path.asFileAddress]
        )
        let rate = "aresample=48000,aformat=channel_layouts=stereo"
        let bed = "[\(index):a:0]\(rate),afade=t=in:d=0.5,afade=t=out:st=\(max(0, seconds - 1.2)):d=1.2"
        let mix =
            probe.audioCodec == nil
            ? ["\(bed),apad=whole_dur=\(seconds)[mix]"]
            : [
                "\(bed)[bed]", "[\(graph.audio)]\(rate)[own]",
                "[own][bed]amix=inputs=2:duration=first:normalize=0[mix]",
            ]
        let heard = try await ToolRun(tools: tools, limits: .judging).run(
            tools.ffmpeg,
            ["-v", "error", "-nostdin"] + graph.inputs + [
                "-filter_complex",
                (mix + ["[mix]ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=pipe\\\\:1[out]"])
                    .joined(separator: ";"),
                "-map", "[out]", "-t", String(seconds), "-f", "null", "-",
            ],
            in: folder,
            outputLimit: 4 << 20
        )
        guard heard.ended == .well else {
            throw ProviderError(
                JobFailure(.finishFailed, "the music cannot be read", hint: "use an MP3, WAV, FLAC, OGG or M4A file")
            )
        }
        let loudness =
            heard.text.split(separator: "\n").last { $0.hasPrefix("lavfi.r128.I=") }
            .flatMap { Double($0.dropFirst("lavfi.r128.I=".count)) } ?? -70
        let gain = loudness > -69 ? min(music.loudness - loudness, 40) : 0
        graph.filters += mix
        graph.filters.append("[mix]volume=\(gain)dB,alimiter=limit=0.84:level=0[audio]")
        graph.audio = "[audio]"
    }

    /// The demuxer of a file of music by its first bytes: ffmpeg is never left to guess.
    static func demuxer(of path: String) throws(ProviderError) -> String {
        // A file that cannot be read is none of the known ones.
        let file = try? FileHandle(forReadingFrom: URL(filePath: path))
        let bytes = [UInt8]((try? file?.read(upToCount: 12)) ?? Data())
        func begins(_ text: String, at index: Int = 0) -> Bool {
            bytes.count >= index + text.utf8.count
                && Array(bytes[index..<(index + text.utf8.count)]) == Array(text.utf8)
        }
        if begins("RIFF"), begins("WAVE", at: 8) { return "wav" }
        if begins("ID3") || bytes.count > 2 && bytes[0] == 0xFF && bytes[1] & 0xE6 == 0xE2 { return "mp3" }
        if begins("fLaC") { return "flac" }
        if begins("OggS") { return "ogg" }
        if begins("ftyp", at: 4) { return "mov" }
        throw ProviderError(
            JobFailure(.finishFailed, "the music is of no known kind", hint: "use an MP3, WAV, FLAC, OGG or M4A file")
        )
    }
}
