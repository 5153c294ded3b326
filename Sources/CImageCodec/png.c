#include "sink.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

/* All of one decode or encode; it lives on the heap, so that nothing a longjmp leaves behind is in a register. */
typedef struct png_work {
    png_structp png;
    png_infop info;
    int is_writing;
    ic_status status;
    ic_result *result;
    const uint8_t *bytes;
    size_t left;
    ic_sink sink;
    uint8_t *rows;
    ic_bytes written;
    size_t room;
} png_work;

static void fail(png_structp png, png_const_charp message) {
    png_work *work = png_get_error_ptr(png);
    if (work->status == IC_OK) {
        work->status = IC_DAMAGED;
        ic_say(work->result, message);
    }
    png_longjmp(png, 1);
}

static void stay_quiet(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void give(png_structp png, png_bytep out, png_size_t count) {
    png_work *work = png_get_io_ptr(png);
    if (count > work->left) png_error(png, "premature end of PNG file");
    memcpy(out, work->bytes, count);
    work->bytes += count;
    work->left -= count;
}

static void take(png_structp png, png_bytep bytes, png_size_t count) {
    png_work *work = png_get_io_ptr(png);
    if (work->written.count + count > work->room) {
        size_t room = (work->written.count + count) * 2;
        uint8_t *grown = realloc(work->written.start, room);
        if (!grown) {
            work->status = IC_NO_MEMORY;
            png_error(png, "no memory");
        }
        work->written.start = grown;
        work->room = room;
    }
    memcpy(work->written.start + work->written.count, bytes, count);
    work->written.count += count;
}

static void flush(png_structp png) { (void)png; }

static void break_off(png_work *work, ic_status status, const char *message) {
    work->status = status;
    ic_say(work->result, message);
    png_longjmp(work->png, 1);
}

static void stop(png_work *work) {
    if (work->png) {
        if (work->is_writing) png_destroy_write_struct(&work->png, &work->info);
        else png_destroy_read_struct(&work->png, &work->info, NULL);
    }
    ic_sink_close(&work->sink);
    free(work->rows);
    free(work->written.start);
    free(work);
}

static png_work *start_reading(const uint8_t *bytes, size_t count, ic_result *result) {
    png_work *work = calloc(1, sizeof *work);
    if (!work) return NULL;
    work->result = result;
    work->bytes = bytes;
    work->left = count;
    work->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, work, fail, stay_quiet);
    if (work->png) work->info = png_create_info_struct(work->png);
    if (!work->info) {
        stop(work);
        return NULL;
    }
    return work;
}

static void open_source(png_work *work) {
    png_set_read_fn(work->png, work, give);
    png_set_user_limits(work->png, 0x7FFFFFFF, 0x7FFFFFFF);
    png_set_chunk_malloc_max(work->png, 16u << 20);
    png_set_chunk_cache_max(work->png, 64);
    /* A profile that libpng thinks imperfect is littleCMS' to judge. */
    png_set_option(work->png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);
    png_set_keep_unknown_chunks(work->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    /* Each chunk's CRC has already said whether its bytes are whole. */
    png_set_option(work->png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
    /* Words and suggestions are not read at all: they may unfold to gigabytes. */
    static const png_byte unread[] = "tEXt\0zTXt\0iTXt\0sPLT\0hIST\0tIME\0eXIf";
    png_set_keep_unknown_chunks(work->png, PNG_HANDLE_CHUNK_NEVER, unread, 7);
    png_read_info(work->png, work->info);
}

ic_status ic_png_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result) {
    png_work *work = start_reading(bytes, count, result);
    if (!work) return IC_NO_MEMORY;
    if (!setjmp(png_jmpbuf(work->png))) {
        open_source(work);
        memset(header, 0, sizeof *header);
        header->width = png_get_image_width(work->png, work->info);
        header->height = png_get_image_height(work->png, work->info);
        header->has_alpha = (png_get_color_type(work->png, work->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
            png_get_valid(work->png, work->info, PNG_INFO_tRNS) != 0;
        header->is_lossless = 1;
        uint64_t row = (uint64_t)header->width * 8;
        header->held = png_get_interlace_type(work->png, work->info) == PNG_INTERLACE_NONE
            ? row * 4
            : (uint64_t)header->width * 4 * header->height + row * 4;
    }
    ic_status status = work->status;
    stop(work);
    return status;
}

static int usable(double value) { return value > 0.0 && value < 1.0; }

static void find_colour(png_work *work, int is_grey) {
    png_charp name;
    png_bytep profile;
    png_uint_32 count;
    int method, intent;
    double gamma;
    if (png_get_iCCP(work->png, work->info, &name, &method, &profile, &count) == PNG_INFO_iCCP) {
        ic_sink_profile(&work->sink, profile, count, is_grey ? 1 : 3, work->result);
        return;
    }
    if (png_get_sRGB(work->png, work->info, &intent) == PNG_INFO_sRGB) return;
    if (png_get_gAMA(work->png, work->info, &gamma) != PNG_INFO_gAMA || gamma < 0.2 || gamma > 1.2) return;
    double p[8] = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
    double q[8];
    int has_primaries = png_get_cHRM(
        work->png, work->info, &q[0], &q[1], &q[2], &q[3], &q[4], &q[5], &q[6], &q[7]) == PNG_INFO_cHRM;
    int differs = fabs(gamma - 0.45455) > 0.05;
    if (has_primaries)
        for (int i = 0; i < 8; i++) {
            if (!usable(q[i])) has_primaries = 0;
            if (fabs(q[i] - p[i]) > 0.01) differs = 1;
        }
    /* 1/2.2 with sRGB's own corners is what programs write when they mean sRGB. */
    if (differs) ic_sink_gamma(&work->sink, gamma, has_primaries ? q : p, work->result);
}

/* From three channels to four: each pixel is read with a byte of the next, behind which there is room for one. */
static void add_alpha(const uint8_t *row, uint32_t width, uint8_t *line) {
    static const uint8_t opaque[4] = {0, 0, 0, 255};
    uint32_t pixel, alpha;
    memcpy(&alpha, opaque, sizeof alpha);
    for (uint32_t x = 0; x < width; x++) {
        memcpy(&pixel, row + (size_t)x * 3, sizeof pixel);
        pixel |= alpha;
        memcpy(line + (size_t)x * 4, &pixel, sizeof pixel);
    }
}

static void decode(png_work *work, const ic_request *request) {
    png_structp png = work->png;
    png_infop info = work->info;
    open_source(work);
    uint32_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
    if (width != request->width || height != request->height) break_off(work, IC_DAMAGED, "two sizes in one file");
    int type = png_get_color_type(png, info);
    int has_alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    int is_grey = (type & PNG_COLOR_MASK_COLOR) == 0;
    ic_part extent = {0, 0, width, height};
    if (ic_sink_open(&work->sink, width, height, request->divisor, extent, request, has_alpha) != IC_OK)
        break_off(work, IC_NO_MEMORY, "no memory");
    find_colour(work, is_grey);
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    size_t stride = (size_t)width * (has_alpha ? 4 : 3), line = has_alpha ? 0 : (size_t)width * 4;
    if (png_get_rowbytes(png, info) != stride) break_off(work, IC_DAMAGED, "rows of an unknown length");
    work->rows = malloc(line + stride * (passes > 1 ? height : 1) + 1);
    if (!work->rows) break_off(work, IC_NO_MEMORY, "no memory");
    for (int pass = 0; pass < passes; pass++)
        for (uint32_t y = 0; y < height; y++) {
            uint8_t *row = work->rows + line + (passes > 1 ? y * stride : 0);
            png_read_row(png, row, NULL);
            if (pass + 1 < passes) continue;
            if (!has_alpha) add_alpha(row, width, work->rows);
            ic_sink_row(&work->sink, has_alpha ? row : work->rows);
        }
    ic_sink_finish(&work->sink);
    png_read_end(png, NULL);
    work->result->least_alpha = work->sink.least_alpha;
}

ic_status ic_png_decode(const ic_request *request, ic_result *result) {
    png_work *work = start_reading(request->bytes, request->count, result);
    if (!work) return IC_NO_MEMORY;
    if (!setjmp(png_jmpbuf(work->png))) decode(work, request);
    ic_status status = work->status;
    stop(work);
    return status;
}

static void encode(
    png_work *work, const uint8_t *pixels, uint32_t width, uint32_t height, int with_alpha, int32_t level) {
    png_structp png = work->png;
    png_set_write_fn(png, work, take, flush);
    png_set_IHDR(
        png, work->info, width, height, 8, with_alpha ? PNG_COLOR_TYPE_RGBA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, level);
    png_set_compression_buffer_size(png, 1 << 18);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_write_info(png, work->info);
    size_t stride = (size_t)width * (with_alpha ? 4 : 3);
    work->rows = malloc(stride);
    if (!work->rows) break_off(work, IC_NO_MEMORY, "no memory");
    for (uint32_t y = 0; y < height; y++) {
        const uint8_t *from = pixels + (size_t)y * width * 4;
        uint8_t *to = work->rows;
        if (with_alpha) {
            for (uint32_t x = 0; x < width; x++, from += 4, to += 4) {
                uint32_t a = from[3];
                to[3] = (uint8_t)a;
                for (int c = 0; c < 3; c++) {
                    uint32_t v = a ? (from[c] * 255u + a / 2) / a : 0;
                    to[c] = (uint8_t)(v > 255 ? 255 : v);
                }
            }
        } else {
            for (uint32_t x = 0; x < width; x++, from += 4, to += 3) {
                to[0] = from[0];
                to[1] = from[1];
                to[2] = from[2];
            }
        }
        png_write_row(png, work->rows);
    }
    png_write_end(png, NULL);
}

ic_status ic_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t with_alpha, int32_t level, ic_bytes *bytes) {
    png_work *work = calloc(1, sizeof *work);
    if (!work) return IC_NO_MEMORY;
    work->is_writing = 1;
    work->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, work, fail, stay_quiet);
    if (work->png) work->info = png_create_info_struct(work->png);
    if (!work->info) {
        stop(work);
        return IC_NO_MEMORY;
    }
    if (!setjmp(png_jmpbuf(work->png))) {
        encode(work, pixels, width, height, with_alpha, level);
        *bytes = work->written;
        work->written.start = NULL;
    }
    ic_status status = work->status;
    stop(work);
    return status;
}

void ic_release(ic_bytes *bytes) {
    free(bytes->start);
    bytes->start = NULL;
    bytes->count = 0;
}
