import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineProviders

@Suite("What is sent to make a clip, to the letter")
struct SubmissionTests {
    @Test("HappyHorse: the fields of its contract, the style in its own, the picture by address")
    func happyHorse() async throws {
        let exchange = try Exchange("happyhorse", [.init(body: #"{"task_id":"hh-1"}"#)])
        let order = exchange.order("happyhorse-1.0/video", prompt: "a mug cinematic light") { order in
            order.request.mode = "std"
            order.addresses = ["https://shop.example/media/a.png"]
            order.callback = "https://shop.example/v1/webhooks/happyhorse/t"
        }

        let remote = try await exchange.provider.submit(order)

        #expect(remote == RemoteJob(id: "hh-1"))
        #expect(exchange.provider.route(for: order) == .address)
        #expect(
            exchange.sent == [
                """
                POST https://vip.apiyi.com/v1/happyhorse/generate
                Authorization: Bearer k-1
                {"aspect_ratio":"9:16","duration":5,"image_url":"https://shop.example/media/a.png","mode":"std","model":"happyhorse-1.0/video","prompt":"a mug. Avoid: blur.","seed":7,"style":"cinematic","webhook_url":"https://shop.example/v1/webhooks/happyhorse/t","with_audio":false}
                """
            ]
        )
    }

    @Test(
        "HappyHorse: the style's words go however they were put behind the prompt, and stay where there is no field for them",
        arguments: [
            ("a mug, soft light", "a mug"), ("A mug turns. Soft light.", "A mug turns."), ("a mug soft light", "a mug"),
            ("soft light on a mug", "soft light on a mug"), ("soft light", "soft light"),
        ]
    )
    func style(prompt: String, rest: String) {
        let tagged = VideoRequest.Style(words: "soft light", tag: "studio", look: .studio)
        let untagged = VideoRequest.Style(words: "soft light", tag: nil, look: .studio)

        #expect(Words.withoutStyle(prompt, tagged) == rest)
        #expect(Words.withoutStyle(prompt, untagged) == prompt)
    }

    @Test("APIYI: as at Alibaba, under its own path")
    func apiyi() async throws {
        let answer = #"{"output":{"task_id":"c2e7","task_status":"PENDING"},"request_id":"a23b"}"#
        let exchange = try Exchange("apiyi", [.init(body: answer)])

        let remote = try await exchange.provider.submit(
            exchange.order("happyhorse-1.1-i2v") { $0.addresses = ["https://shop.example/media/a.png"] }
        )

        #expect(remote.id == "c2e7")
        #expect(
            exchange.sent == [
                """
                POST https://api.apiyi.com/wan/api/v1/services/aigc/video-generation/video-synthesis
                Authorization: Bearer k-1
                X-DashScope-Async: enable
                {"input":{"media":[{"type":"first_frame","url":"https://shop.example/media/a.png"}],"prompt":"a mug. Avoid: blur."},"model":"happyhorse-1.1-i2v","parameters":{"duration":5,"prompt_extend":false,"resolution":"720P","seed":7,"watermark":false}}
                """
            ]
        )
    }

    @Test("DashScope: the picture inline, size and watermark always said")
    func dashScope() async throws {
        let answer = #"{"output":{"task_status":"PENDING","task_id":"0385"},"request_id":"4909"}"#
        let exchange = try Exchange("dashscope", [.init(body: answer)])

        let remote = try await exchange.provider.submit(exchange.order("happyhorse-1.1-i2v", side: 1080))

        #expect(remote.id == "0385")
        #expect(
            exchange.sent == [
                """
                POST https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/video-generation/video-synthesis
                Authorization: Bearer k-1
                X-DashScope-Async: enable
                {"input":{"media":[{"type":"first_frame","url":"\(pictureAddress)"}],"prompt":"a mug. Avoid: blur."},"model":"happyhorse-1.1-i2v","parameters":{"duration":5,"resolution":"1080P","seed":7,"watermark":false}}
                """
            ]
        )
    }

    @Test(
        "DashScope: Wan has a field for what to avoid, Wan 3 one for sound; references and words alone are other models"
    )
    func wan() async throws {
        let answer = Exchange.Answer(body: #"{"output":{"task_id":"t"}}"#)
        let exchange = try Exchange("dashscope", [answer, answer, answer, answer])

        _ = try await exchange.provider.submit(exchange.order("wan2.7-i2v"))
        _ = try await exchange.provider.submit(exchange.order("wan3.0-video"))
        _ = try await exchange.provider.submit(
            exchange.order("happyhorse-1.1-i2v") { $0.references = [exchange.folder + "/other.png"] }
        )
        _ = try await exchange.provider.submit(
            exchange.order("happyhorse-1.1-i2v") { order in
                order.request.shots = [.init(from: .text, prompt: "rain on a window", motion: .still, seconds: 3)]
            }
        )

        let bodies = exchange.transport.requests.map { String(decoding: $0.body ?? Data(), as: UTF8.self) }
        #expect(
            bodies == [
                #"{"input":{"media":[{"type":"first_frame","url":"\#(pictureAddress)"}],"negative_prompt":"blur","prompt":"a mug"},"model":"wan2.7-i2v","parameters":{"duration":5,"prompt_extend":false,"resolution":"720P","seed":7,"watermark":false}}"#,
                #"{"input":{"media":[{"type":"first_frame","url":"\#(pictureAddress)"}],"prompt":"a mug. Avoid: blur."},"model":"wan3.0-video","parameters":{"audio":false,"duration":5,"prompt_extend":false,"ratio":"adaptive","resolution":"720P","seed":7,"watermark":false}}"#,
                #"{"input":{"media":[{"type":"reference_image","url":"\#(pictureAddress)"},{"type":"reference_image","url":"data:image/png;base64,UkVG"}],"prompt":"a mug. Avoid: blur."},"model":"happyhorse-1.1-r2v","parameters":{"duration":5,"ratio":"9:16","resolution":"720P","seed":7,"watermark":false}}"#,
                #"{"input":{"prompt":"rain on a window. Avoid: blur."},"model":"happyhorse-1.1-t2v","parameters":{"duration":3,"ratio":"9:16","resolution":"720P","seed":7,"watermark":false}}"#,
            ]
        )
    }

    @Test("DashScope: an uploaded picture is named by its place in the temporary store")
    func dashScopeUpload() async throws {
        let policy =
            #"{"request_id":"r","data":{"policy":"P","signature":"S","upload_dir":"dir/x","upload_host":"https://oss.example","oss_access_key_id":"id","x_oss_object_acl":"private","x_oss_forbid_overwrite":"true"}}"#
        let exchange = try Exchange(
            "dashscope",
            [.init(body: policy), .init(body: ""), .init(body: #"{"output":{"task_id":"t"}}"#)]
        )
        var order = exchange.order("happyhorse-1.1-i2v")

        order.addresses = try await exchange.provider.stage(order).addresses
        _ = try await exchange.provider.submit(order)

        let requests = exchange.transport.requests
        let key = "dir/x/\(Digest(of: "frame").short)-0.png"
        #expect(requests[0].url.hasSuffix("/api/v1/uploads?action=getPolicy&model=happyhorse-1.1-i2v"))
        #expect(requests[1].url == "https://oss.example")
        #expect(requests[1].headers["Authorization"] == nil)
        let form = String(decoding: requests[1].body ?? Data(), as: UTF8.self)
        #expect(form.contains("name=\"key\"\r\n\r\n\(key)\r\n"))
        #expect(form.contains("name=\"file\"; filename=\"0.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"))
        #expect(requests[2].headers["X-DashScope-OssResourceResolve"] == "enable")
        #expect(String(decoding: requests[2].body ?? Data(), as: UTF8.self).contains("\"url\":\"oss://\(key)\""))
    }

    @Test("Ark: the shape follows the picture, and our key stands where lists show it")
    func ark() async throws {
        let exchange = try Exchange("ark", [.init(body: #"{"id":"cgt-1"}"#)])

        let remote = try await exchange.provider.submit(
            exchange.order("doubao-seedance-2-0-260128") { $0.callback = "https://shop.example/v1/webhooks/ark/t" }
        )

        #expect(remote.id == "cgt-1")
        #expect(
            exchange.sent == [
                """
                POST https://ark.cn-beijing.volces.com/api/v3/contents/generations/tasks
                Authorization: Bearer k-1
                {"callback_url":"https://shop.example/v1/webhooks/ark/t","content":[{"text":"a mug. Avoid: blur.","type":"text"},{"image_url":{"url":"\(pictureAddress)"},"role":"first_frame","type":"image_url"}],"duration":5,"generate_audio":false,"model":"doubao-seedance-2-0-260128","ratio":"adaptive","resolution":"720p","safety_identifier":"s_1","watermark":false}
                """
            ]
        )
    }

    @Test(
        "Ark: a seed goes to Seedance 1 alone, the only one that documents it, and never to an endpoint",
        arguments: [
            ("doubao-seedance-2-0-260128", false), ("dreamina-seedance-2-5-260628", false),
            ("doubao-seedance-2-0-mini-260615", false), ("seedance-1-5-pro-251215", true),
            ("doubao-seedance-1-0-pro-250528", true), ("ep-20260101-abcde", false), ("seedance-3-0", false),
        ]
    )
    func arkSeed(model: String, isSent: Bool) async throws {
        let exchange = try Exchange("ark", [.init(body: #"{"id":"cgt-1"}"#)])

        _ = try await exchange.provider.submit(exchange.order(model))

        #expect(exchange.sent[0].contains(#""seed":7"#) == isSent)
    }

    @Test("OpenAI: a form, seconds as text, the picture as a file of exactly the size")
    func openAI() async throws {
        let exchange = try Exchange("openai", [.init(body: #"{"id":"video_1","status":"queued"}"#)])

        let remote = try await exchange.provider.submit(exchange.order("sora-2", seconds: 4))

        #expect(remote.id == "video_1")
        let request = exchange.transport.requests[0]
        #expect(request.url == "https://api.openai.com/v1/videos")
        #expect(request.headers["Content-Type"] == "multipart/form-data; boundary=vitrine-s_1")
        let parts = [
            ("model", "sora-2"), ("prompt", "a mug. Avoid: blur."), ("seconds", "4"), ("size", "720x1280"),
        ].map { "--vitrine-s_1\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined()
        let file =
            "--vitrine-s_1\r\nContent-Disposition: form-data; name=\"input_reference\"; filename=\"frame.png\"\r\n"
            + "Content-Type: image/png\r\n\r\nPNG\r\n--vitrine-s_1--\r\n"
        #expect(String(decoding: request.body ?? Data(), as: UTF8.self) == parts + file)
    }

    @Test("Gemini: the picture's bytes inline, the key in Google's header")
    func gemini() async throws {
        let name = "models/veo-3.1-generate-preview/operations/abc123"
        let exchange = try Exchange("gemini", [.init(body: #"{"name":"\#(name)"}"#)])

        let remote = try await exchange.provider.submit(
            exchange.order("veo-3.1-generate-preview", seconds: 8) { $0.callback = "https://shop.example/t" }
        )

        #expect(remote.id == name)
        #expect(
            exchange.sent == [
                """
                POST https://generativelanguage.googleapis.com/v1beta/models/veo-3.1-generate-preview:predictLongRunning
                x-goog-api-key: k-1
                {"instances":[{"image":{"bytesBase64Encoded":"UE5H","mimeType":"image/png"},"prompt":"a mug"}],"parameters":{"aspectRatio":"9:16","durationSeconds":8,"negativePrompt":"blur","personGeneration":"allow_adult","resolution":"720p","sampleCount":1},"webhookConfig":{"uris":["https://shop.example/t"]}}
                """
            ]
        )
    }

    @Test("Runway: its version in a header, the shape by its own sizes; hosted models have fields of their own")
    func runway() async throws {
        let answer = Exchange.Answer(body: #"{"id":"17f2","estimatedCost":{"credits":60}}"#)
        let exchange = try Exchange("runway", [answer, answer, answer])

        _ = try await exchange.provider.submit(exchange.order("gen4.5"))
        _ = try await exchange.provider.submit(exchange.order("veo3.1", seconds: 6))
        _ = try await exchange.provider.submit(exchange.order("seedance2", placement: .square))

        #expect(
            exchange.sent[0] == """
                POST https://api.dev.runwayml.com/v1/image_to_video
                Authorization: Bearer k-1
                X-Runway-Version: 2024-11-06
                {"duration":5,"model":"gen4.5","promptImage":"\(pictureAddress)","promptText":"a mug. Avoid: blur.","ratio":"720:1280","seed":7}
                """
        )
        let bodies = exchange.transport.requests.map { String(decoding: $0.body ?? Data(), as: UTF8.self) }
        #expect(
            bodies[1]
                == #"{"audio":false,"duration":6,"model":"veo3.1","negativePrompt":"blur","promptImage":"\#(pictureAddress)","promptText":"a mug","ratio":"720:1280"}"#
        )
        #expect(
            bodies[2]
                == #"{"audio":false,"duration":5,"model":"seedance2","promptImage":"\#(pictureAddress)","promptText":"a mug. Avoid: blur.","ratio":"960:960","seed":7}"#
        )
    }

    @Test("Runway: a picture too large for a request is uploaded, without the key, and named by its own address")
    func runwayUpload() async throws {
        let ticket = #"{"uploadUrl":"https://up.example/x","fields":{"b":"2","a":"1"},"runwayUri":"runway://u"}"#
        let exchange = try Exchange("runway", [.init(body: ticket), .init(status: 204, body: "")])
        let order = exchange.order("gen4.5")
        try Data(repeating: 1, count: 3_800_000).write(to: URL(filePath: order.framePath))

        #expect(exchange.provider.route(for: order) == .upload)
        #expect(try await exchange.provider.stage(order).addresses == ["runway://u"])

        let upload = exchange.transport.requests[1]
        #expect(upload.headers.keys.sorted() == ["Content-Type"])
        let head = String(decoding: (upload.body ?? Data()).prefix(300), as: UTF8.self)
        let places = ["\"a\"", "\"b\"", "\"file\""].compactMap { head.range(of: "name=" + $0)?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test("fal: the word Key, the callback in the address, each model's own fields")
    func fal() async throws {
        let answer = Exchange.Answer(
            body:
                #"{"status":"IN_QUEUE","request_id":"764c","status_url":"https://queue.fal.run/alibaba/happy-horse/requests/764c/status","response_url":"x","cancel_url":"y"}"#
        )
        let exchange = try Exchange("fal", [answer, answer])

        let remote = try await exchange.provider.submit(
            exchange.order("alibaba/happy-horse/v1.1/image-to-video") { $0.callback = "https://shop.example/t?a=b" }
        )
        _ = try await exchange.provider.submit(exchange.order("bytedance/seedance-2.0/image-to-video"))

        #expect(remote.id == "764c")
        #expect(remote.address == "https://queue.fal.run/alibaba/happy-horse/requests/764c/status")
        #expect(
            exchange.sent == [
                """
                POST https://queue.fal.run/alibaba/happy-horse/v1.1/image-to-video?fal_webhook=https%3A%2F%2Fshop.example%2Ft%3Fa%3Db
                Authorization: Key k-1
                x-fal-no-retry: 1
                {"duration":5,"image_url":"\(pictureAddress)","prompt":"a mug. Avoid: blur.","resolution":"720p","seed":7}
                """,
                """
                POST https://queue.fal.run/bytedance/seedance-2.0/image-to-video
                Authorization: Key k-1
                x-fal-no-retry: 1
                {"aspect_ratio":"auto","duration":"5","generate_audio":false,"image_url":"\(pictureAddress)","prompt":"a mug. Avoid: blur.","resolution":"720p","seed":7}
                """,
            ]
        )
    }

    @Test("WaveSpeed: the picture is uploaded by a ticket first, the callback stands in the address")
    func waveSpeed() async throws {
        let ticket =
            #"{"code":200,"message":"success","data":{"upload":{"method":"PUT","url":"https://up.example/x","headers":{"Content-Type":"image/png"}},"download_url":"https://cdn.example/x.png"}}"#
        let created = #"{"code":200,"message":"success","data":{"id":"e683","status":"created"}}"#
        let exchange = try Exchange("wavespeed", [.init(body: ticket), .init(body: ""), .init(body: created)])
        var order = exchange.order("alibaba/happyhorse-1.1/image-to-video")
        order.callback = "https://shop.example/t"

        #expect(exchange.provider.route(for: order) == .upload)
        order.addresses = try await exchange.provider.stage(order).addresses
        #expect(try await exchange.provider.submit(order).id == "e683")

        #expect(
            exchange.sent == [
                """
                POST https://api.wavespeed.ai/api/v3/media/uploads
                Authorization: Bearer k-1
                {"content_type":"image/png","filename":"frame.png","size":3}
                """,
                """
                PUT https://up.example/x
                PNG
                """,
                """
                POST https://api.wavespeed.ai/api/v3/alibaba/happyhorse-1.1/image-to-video?webhook=https%3A%2F%2Fshop.example%2Ft
                Authorization: Bearer k-1
                {"duration":5,"image":"https://cdn.example/x.png","prompt":"a mug. Avoid: blur.","resolution":"720p","seed":7}
                """,
            ]
        )
    }

    @Test(
        "the id of the request that asked for the job goes along, to every provider",
        arguments: [
            "happyhorse", "apiyi", "dashscope", "ark", "openai", "gemini", "runway", "fal", "wavespeed",
        ] as [ProviderID]
    )
    func requestID(provider: ProviderID) async throws {
        let exchange = try Exchange(provider, [.init(body: "{}")])
        let model = try #require(exchange.provider.offers.first).model

        _ = try? await exchange.provider.submit(
            exchange.order(model) {
                $0.addresses = ["https://shop.example/media/a.png"]
                $0.requestID = "q_1"
            }
        )

        let sent = try #require(exchange.transport.requests.first)
        #expect(sent.headers["X-Request-ID"] == "q_1")
    }
}
