import HTTPTypes
import Hummingbird
import VitrineCore

/// Where visitors show their key once.
struct SigningPages: Sendable {
    let studio: Studio

    private struct Model {
        var to: String
        var trouble: String?
    }

    @Sendable func show(_ request: Request, _ context: ServerContext) async throws -> Response {
        let to = Self.own(try Query(request, knows: ["to"]).text("to", atMost: 2000))
        guard try await studio.access.needsKeys(), try await studio.access.sessions.visitor(of: request) == nil else {
            return Visit.redirect(to: to)
        }
        return page(to, nil, .ok)
    }

    @Sendable func begin(_ request: Request, _ context: ServerContext) async throws -> Response {
        let nobody = Visit(
            request: request,
            context: context,
            formToken: nil,
            mayGenerate: false,
            mayAuthor: false,
            mayAdmin: false
        )
        let form = try await nobody.form()
        let to = Self.own(form["to"]?.first)
        do {
            let text = form["key"]?.first?.trimmed ?? ""
            let key = try await studio.access.key(text, from: context.remoteAddress)
            _ = try await studio.access.admit(key, to: .read)
            let cookie = try await studio.access.sessions.begin(with: key)
            return Visit.redirect(to: to, headers: [.setCookie: cookie])
        } catch let error as RequestError {
            return page(to, error.message.asSentence, error.kind.status)
        }
    }

    @Sendable func end(_ visit: Visit) async throws -> Response {
        _ = try await visit.form()
        let cookie = try await studio.access.sessions.end(visit.request)
        return Visit.redirect(to: "/studio/sign-in", headers: [.setCookie: cookie])
    }

    private func page(_ to: String, _ trouble: String?, _ status: HTTPStatus) -> Response {
        studio.answer(.signIn, Model(to: to, trouble: trouble), title: "Sign in", status: status)
    }

    /// An address of the studio, whatever somebody wrote into a link.
    private static func own(_ path: String?) -> String {
        guard let path, path.hasPrefix("/studio"), !path.hasPrefix("/studio/sign-in"),
            path.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 && $0 != "\\" })
        else { return "/studio" }
        return path
    }
}
