import Testing
import VitrineTransport

@Suite struct AllowedHostTests {
    @Test(
        "an exception is a host and a port",
        arguments: [
            ("localhost:9000", "localhost", 9000), (" NAS.Local:80 ", "nas.local", 80), ("[::1]:8080", "[::1]", 8080),
        ]
    )
    func reads(_ text: String, host: String, port: Int) throws {
        let allowed = try #require(AllowedHost(text))

        #expect(allowed.host == host)
        #expect(allowed.port == port)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "localhost", ":80", "a:0", "a:65536", "a:b", "http://a:80", "::1:80", "[nine]:80", "a b:80", "u@a:80",
        ]
    )
    func refuses(_ text: String) {
        #expect(AllowedHost(text) == nil)
    }
}
