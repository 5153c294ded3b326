import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Mustache
import NIOCore
import VitrineCore
import VitrinePipeline

/// The studio: pages where merchants import feeds, make videos and choose among them.
///
/// Each page is a model of finished strings and a template; without JavaScript, forms post and are answered by a redirect.
struct Studio: Sendable {
    let home: ServedHome
    let access: AccessControl

    /// What a page needs of its visitor.
    typealias Page = @Sendable (Visit) async throws -> Response

    /// Every address of the studio.
    var routes: [Route] {
        let signing = SigningPages(studio: self)
        let catalogue = CataloguePages(studio: self)
        let products = ProductPages(studio: self)
        let review = ReviewPages(studio: self)
        let imports = ImportPages(studio: self)
        let presets = PresetPages(studio: self)
        let writing = (preset: EditorPages(studio: self, kind: .preset), style: EditorPages(studio: self, kind: .style))
        let versions = (
            preset: VersionPages(studio: self, kind: .preset), style: VersionPages(studio: self, kind: .style)
        )
        let work = WorkPages(studio: self)
        let plans = PlanPages(studio: self)
        return [
            .get("/", nil) { _, _ in Visit.redirect(to: "/studio") },
            .get("/studio/files/{file}", nil, StudioAsset.show),
            .get("/studio/sign-in", nil, signing.show),
            .post("/studio/sign-in", nil, signing.begin),
            page(.post, "/studio/sign-out", .read, signing.end),

            page(.get, "/studio", .read, catalogue.show),
            page(.post, "/studio/generate", .generate, catalogue.generate),

            page(.get, "/studio/products/{product}", .read, products.show),
            page(.get, "/studio/products/{product}/compare", .read, ComparePages(studio: self).show),
            page(.post, "/studio/products/{product}/takes", .generate, products.regenerate),
            page(.post, "/studio/videos/{video}/{decision}", .generate, products.decide),
            page(.post, "/studio/jobs/{job}/{decision}", .generate, products.decideJob),

            page(.get, "/studio/review", .read, review.show),

            page(.post, "/studio/plans", .generate, plans.create),
            page(.get, "/studio/plans/{plan}", .read, plans.show),
            page(.post, "/studio/plans/{plan}/apply", .generate, plans.apply),

            page(.get, "/studio/work", .read, work.show),
            page(.post, "/studio/work/retry", .generate, work.retry),
            page(.post, "/studio/work/budget", .admin, work.setBudget),

            page(.get, "/studio/presets", .read, presets.list),
            page(.get, "/studio/presets/{name}", .read, writing.preset.show),
            page(.post, "/studio/presets/{name}", .read, writing.preset.change),
            page(.get, "/studio/presets/{name}/versions", .read, versions.preset.show),
            page(.post, "/studio/presets/{name}/versions", .author, versions.preset.restore),
            page(.get, "/studio/styles", .read, presets.styles),
            page(.get, "/studio/styles/{name}", .read, writing.style.show),
            page(.post, "/studio/styles/{name}", .read, writing.style.change),
            page(.get, "/studio/styles/{name}/versions", .read, versions.style.show),
            page(.post, "/studio/styles/{name}/versions", .author, versions.style.restore),
            page(.get, "/studio/drafts/{draft}", .read, DraftPages(studio: self).show),
            page(.get, "/studio/pictures/{picture}", .read) { try await StudioMedia(home: home).picture($0) },

            page(.get, "/studio/export", .read, ExportPages(studio: self).show),
            page(.get, "/studio/export/{format}", .read, ExportPages(studio: self).begin),

            page(.get, "/studio/imports", .read, imports.list),
            page(.post, "/studio/imports", .generate, imports.create),
            page(.get, "/studio/imports/{import}", .read, imports.show),
            page(.get, "/studio/imports/{import}/diagnostics.csv", .read, imports.table),
            page(.get, "/studio/**", .read) { _ in throw RequestError(.notFound, "no page is at this address") },
        ]
    }

    /// A route whose visitor is known and may do what `scope` covers; whoever is not signed in is asked to, and trouble is told on a page.
    private func page(_ method: HTTPMethod, _ path: String, _ scope: Scope, _ page: @escaping Page) -> Route {
        Route(method: method, path: path, scope: nil) { request, context in
            do {
                guard let visit = try await visit(request, context, scope) else {
                    let back = method == .get ? "?to=" + request.uri.string.inAddress : ""
                    return Visit.redirect(to: "/studio/sign-in" + back)
                }
                return try await page(visit)
            } catch {
                return trouble(error, request, context)
            }
        }
    }

    private func visit(_ request: Request, _ context: ServerContext, _ scope: Scope) async throws -> Visit? {
        guard try await access.needsKeys() else {
            var context = context
            context.caller = try access.local(request, from: context.remoteAddress)
            return Visit(
                request: request,
                context: context,
                formToken: nil,
                mayGenerate: true,
                mayAuthor: true,
                mayAdmin: true
            )
        }
        guard let visitor = try await access.sessions.visitor(of: request) else { return nil }
        var context = context
        context.caller = try await access.admit(visitor.key, to: scope)
        return Visit(
            request: request,
            context: context,
            formToken: visitor.formToken,
            mayGenerate: visitor.key.allows(.generate),
            mayAuthor: visitor.key.allows(.author),
            mayAdmin: visitor.key.allows(.admin)
        )
    }

    // MARK: Answers

    /// A page within the frame that all pages have.
    func answer(
        _ template: StudioAsset,
        _ model: Any,
        title: String,
        at place: Frame.Place? = nil,
        to visit: Visit? = nil,
        status: HTTPStatus = .ok
    ) -> Response {
        let frame = Frame(title: title, body: template.render(model), at: place, visit: visit)
        let page = StudioAsset.frame.render(frame)
        return Response(
            status: status,
            headers: Self.headers,
            body: .init(byteBuffer: ByteBuffer(string: page))
        )
    }

    /// A moment as people of the shop read it.
    func moment(_ date: Date) -> String {
        date.formatted(
            .verbatim(
                "\(day: .defaultDigits) \(month: .abbreviated) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
                locale: Locale(identifier: "en_GB"),
                timeZone: home.options.timezone,
                calendar: Calendar(identifier: .gregorian)
            )
        )
    }

    /// What went wrong, as a page for people.
    private func trouble(_ error: any Error, _ request: Request, _ context: ServerContext) -> Response {
        let words = PublicError(error)
        if words.status.code >= 500 {
            context.logger.error("a page failed", metadata: ["error": "\(error)"])
        }
        let model = Trouble(
            title: words.status.code == 404 ? "Nothing here" : "That did not work",
            message: words.message.asSentence,
            // Commands and addresses of the API are for others.
            hint: words.hint.flatMap { $0.contains("`vitrine ") || $0.contains("/v1/") ? nil : $0.asSentence },
            requestID: words.status.code >= 500 ? context.requestID : nil
        )
        return answer(.trouble, model, title: model.title, status: words.status)
    }

    private struct Trouble {
        var title: String
        var message: String
        var hint: String?
        var requestID: String?
    }

    private static let headers: HTTPFields = {
        var fields: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        let policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        if let name = HTTPField.Name("Content-Security-Policy") { fields[name] = policy }
        if let name = HTTPField.Name("Referrer-Policy") { fields[name] = "same-origin" }
        return fields
    }()
}
