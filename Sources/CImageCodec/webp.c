#include "sink.h"

#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

static ic_status status_of(VP8StatusCode code, ic_result *result) {
    switch (code) {
    case VP8_STATUS_OK: return IC_OK;
    case VP8_STATUS_OUT_OF_MEMORY: ic_say(result, "no memory"); return IC_NO_MEMORY;
    case VP8_STATUS_UNSUPPORTED_FEATURE: ic_say(result, "an unknown kind of WebP"); return IC_UNSUPPORTED;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: ic_say(result, "premature end of WebP file"); return IC_DAMAGED;
    default: ic_say(result, "not a valid WebP stream"); return IC_DAMAGED;
    }
}

ic_status ic_webp_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result) {
    WebPBitstreamFeatures features;
    ic_status status = status_of(WebPGetFeatures(bytes, count, &features), result);
    if (status != IC_OK) return status;
    memset(header, 0, sizeof *header);
    header->width = (uint32_t)features.width;
    header->height = (uint32_t)features.height;
    header->has_alpha = features.has_alpha != 0;
    header->is_animated = features.has_animation != 0;
    header->is_lossless = features.format == 2;
    uint64_t area = (uint64_t)header->width * header->height;
    header->held = area * (header->is_lossless ? 8 : features.has_alpha ? 5 : 4);
    return IC_OK;
}

ic_status ic_webp_decode(const ic_request *request, ic_result *result) {
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config)) return IC_UNSUPPORTED;
    ic_status status = status_of(WebPGetFeatures(request->bytes, request->count, &config.input), result);
    if (status != IC_OK) return status;
    if ((uint32_t)config.input.width != request->width || (uint32_t)config.input.height != request->height) {
        ic_say(result, "two sizes in one file");
        return IC_DAMAGED;
    }
    size_t stride = (size_t)request->width * 4;
    uint8_t *pixels = malloc(stride * request->height);
    ic_part extent = {0, 0, request->width, request->height};
    ic_sink sink;
    memset(&sink, 0, sizeof sink);
    if (!pixels ||
        ic_sink_open(
            &sink, request->width, request->height, request->divisor, extent, request, config.input.has_alpha) != IC_OK) {
        free(pixels);
        ic_sink_close(&sink);
        return IC_NO_MEMORY;
    }
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels;
    config.output.u.RGBA.stride = (int)stride;
    config.output.u.RGBA.size = stride * request->height;
    status = status_of(WebPDecode(request->bytes, request->count, &config), result);
    WebPFreeDecBuffer(&config.output);
    if (status == IC_OK) {
        ic_sink_profile(&sink, request->profile, request->profile_count, 3, result);
        for (uint32_t y = 0; y < request->height; y++) ic_sink_row(&sink, pixels + y * stride);
        ic_sink_finish(&sink);
        result->least_alpha = sink.least_alpha;
    }
    ic_sink_close(&sink);
    free(pixels);
    return status;
}
