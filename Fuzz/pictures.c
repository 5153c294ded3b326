/* What a picture's bytes can do to the codecs: header, decode, decode to a size, preparation, cut-out. `make fuzz` runs it under
   libFuzzer and AddressSanitizer. The size limits are those of VitrineImaging, made small so that runs stay fast. */
#include "image_codec.h"

#include <stdlib.h>
#include <string.h>

enum { PIXELS = 1 << 20, SCANS = 20 };

typedef ic_status (*read_header)(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result);
typedef ic_status (*decode)(const ic_request *request, ic_result *result);

static uint32_t reduced(uint32_t side, uint32_t divisor) { return (side + divisor - 1) / divisor; }

static void look(const ic_request *request, uint32_t width, uint32_t height, decode decode) {
    ic_result result = {0};
    if (decode(request, &result) != IC_OK || result.least_alpha < 255) return;
    uint8_t *matte = malloc((size_t)width * height);
    ic_cutout found;
    if (matte) ic_cut_out(request->out, width, height, matte, &found);
    free(matte);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (count < 16) return 0;
    /* The last bytes choose how, so that what is found can be found again. */
    uint8_t how = bytes[count - 1], size = bytes[count - 2];
    count -= 2;
    int kind = bytes[0] == 0xFF ? 0 : bytes[0] == 0x89 ? 1 : 2;
    read_header headers[3] = {ic_jpeg_header, ic_png_header, ic_webp_header};
    decode decoders[3] = {ic_jpeg_decode, ic_png_decode, ic_webp_decode};
    ic_header header;
    ic_result result = {0};
    if (headers[kind](bytes, count, &header, &result) != IC_OK) return 0;
    if (!header.width || !header.height || (uint64_t)header.width * header.height > PIXELS) return 0;
    ic_request request = {
        .bytes = bytes, .count = count, .width = header.width, .height = header.height, .divisor = 1u << (how & 3),
        .orientation = (uint8_t)(1 + (how >> 2 & 7)), .scans = SCANS};
    if (kind == 2 && count > 64) {
        request.profile = bytes + count / 2;
        request.profile_count = count / 4;
    }
    uint32_t width = reduced(header.width, request.divisor), height = reduced(header.height, request.divisor);
    if (how & 64) {
        request.fit_width = width = 1 + size % 61;
        request.fit_height = height = 1 + size / 4;
    }
    request.out = malloc((size_t)width * height * 4);
    if (!request.out) return 0;
    if (kind == 0 && how & 64 && how & 128) {
        ic_bytes made = {0};
        ic_jpeg_prepare(&request, 88, &made, &result);
        ic_release(&made);
    } else {
        if (request.orientation >= 5) {
            uint32_t swap = width;
            width = height;
            height = swap;
        }
        look(&request, width, height, decoders[kind]);
    }
    free(request.out);
    return 0;
}
