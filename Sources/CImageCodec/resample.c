#include "scaler.h"

#include <stdlib.h>
#include <string.h>

/* The whole of a picture in memory through a scaler. */
static ic_status resample(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part, uint32_t width, uint32_t height,
    ic_take_row take, void *place) {
    if (!source_width || !source_height || !width || !height || !(part.width > 0) || !(part.height > 0)) return IC_OK;
    ic_scaler scaler;
    ic_status status = ic_scaler_open(&scaler, 4, source_width, source_height, part, width, height, take, place);
    if (status != IC_OK) return status;
    for (uint32_t y = 0; y < source_height && scaler.next_out < height; y++)
        ic_scaler_row(&scaler, source + (size_t)y * source_width * 4);
    ic_scaler_close(&scaler);
    return IC_OK;
}

typedef struct canvas {
    uint8_t *pixels;
    uint32_t width;
    int64_t x;
    int64_t y;
    uint32_t visible;
    const uint16_t *across;
    const uint16_t *down;
} canvas;

static void copy_row(void *place, uint32_t y, const uint8_t *row) {
    const canvas *to = place;
    memcpy(to->pixels + (size_t)y * to->width * 4, row, (size_t)to->width * 4);
}

static void lay_row(void *place, uint32_t y, const uint8_t *row) {
    const canvas *to = place;
    uint8_t *out = to->pixels + ((size_t)(to->y + y) * to->width + (size_t)to->x) * 4;
    const uint8_t *from = row;
    uint32_t rows_share = to->down[y];
    for (uint32_t i = 0; i < to->visible; i++, out += 4, from += 4) {
        uint32_t share = rows_share * to->across[i];   /* of 65536 */
        if (share == 65536 && from[3] == 255) {
            memcpy(out, from, 4);
            continue;
        }
        uint32_t cover = (from[3] * share + 127) / 255;            /* of 65536 */
        for (int c = 0; c < 4; c++)
            out[c] = (uint8_t)((from[c] * share + out[c] * (65536 - cover) + 32768) >> 16);
    }
}

ic_status ic_resample(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *out, uint32_t width, uint32_t height) {
    canvas to = {.pixels = out, .width = width};
    return resample(source, source_width, source_height, part, width, height, copy_row, &to);
}

ic_status ic_draw(
    const uint8_t *source, uint32_t source_width, uint32_t source_height, ic_part part,
    uint8_t *frame, uint32_t frame_width, uint32_t frame_height,
    int32_t x, int32_t y, uint32_t width, uint32_t height, const uint16_t *across, const uint16_t *down) {
    int64_t left = x < 0 ? -(int64_t)x : 0, right = (int64_t)frame_width - x;
    int64_t top = y < 0 ? -(int64_t)y : 0, bottom = (int64_t)frame_height - y;
    if (right > width) right = width;
    if (bottom > height) bottom = height;
    if (left >= right || top >= bottom) return IC_OK;
    uint32_t visible = (uint32_t)(right - left), rows = (uint32_t)(bottom - top);
    ic_part seen = {
        part.x + part.width * (double)left / width, part.y + part.height * (double)top / height,
        part.width * visible / width, part.height * rows / height};
    canvas to = {
        .pixels = frame, .width = frame_width, .x = x + left, .y = y + top, .visible = visible, .across = across + left,
        .down = down + top};
    return resample(source, source_width, source_height, seen, visible, rows, lay_row, &to);
}
