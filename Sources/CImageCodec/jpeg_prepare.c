#include "jpeg_work.h"

#include <stdlib.h>
#include <string.h>

/* One component of the prepared picture, with room to whole blocks, and how its source rows come in. */
typedef struct plane {
    uint8_t *pixels;
    uint32_t width;
    uint32_t height;
    uint32_t stride;
    uint32_t rows;
    ic_scaler scaler;
    uint32_t left;       /* source rows still to come */
    uint32_t in_stride;
    uint32_t in_rows;    /* at a time */
    uint8_t *in;
    JSAMPROW *lines;
} plane;

typedef struct jpeg_planes {
    plane planes[3];
    int count;
} jpeg_planes;

void ic_jpeg_close_planes(jpeg_planes *all) {
    if (!all) return;
    for (int i = 0; i < 3; i++) {
        ic_scaler_close(&all->planes[i].scaler);
        free(all->planes[i].pixels);
        free(all->planes[i].in);
        free(all->planes[i].lines);
    }
    free(all);
}

static void keep_row(void *place, uint32_t y, const uint8_t *row) {
    plane *to = place;
    memcpy(to->pixels + (size_t)y * to->stride, row, to->width);
}

static uint32_t blocks(uint32_t pixels) { return (pixels + 15) / 16 * 16; }

static int is_turned(uint8_t orientation) { return orientation >= 5; }
static int is_mirrored_across(uint8_t o) { return o == 2 || o == 3 || o == 7 || o == 8; }
static int is_mirrored_down(uint8_t o) { return o == 3 || o == 4 || o == 6 || o == 7; }

/* Where the source of one axis of chroma lies: a cell of two pixels is counted from the side that will be first. */
static void halve(double *start, double *length, uint32_t full, uint32_t half, int is_mirrored) {
    double scale = *length * 2 / full;
    if (is_mirrored && (full & 1)) *start = -scale / 2;
    *length = scale * half;
}

static int open_plane(plane *plane, const jpeg_component_info *part, const struct jpeg_decompress_struct *info,
                      const ic_request *request, int is_chroma) {
    uint32_t size = (uint32_t)part->DCT_scaled_size;
    ic_part extent = {
        0, 0, (double)info->image_width * part->h_samp_factor * size / (info->max_h_samp_factor * 8.0),
        (double)info->image_height * part->v_samp_factor * size / (info->max_v_samp_factor * 8.0)};
    plane->width = request->fit_width;
    plane->height = request->fit_height;
    if (is_chroma) {
        plane->width = (plane->width + 1) / 2;
        plane->height = (plane->height + 1) / 2;
        halve(&extent.x, &extent.width, request->fit_width, plane->width, is_mirrored_across(request->orientation));
        halve(&extent.y, &extent.height, request->fit_height, plane->height, is_mirrored_down(request->orientation));
    }
    plane->stride = blocks(plane->width);
    plane->rows = blocks(plane->height);
    plane->left = part->downsampled_height;
    plane->in_stride = part->width_in_blocks * size;
    plane->in_rows = (uint32_t)part->v_samp_factor * size;
    plane->pixels = malloc((size_t)plane->stride * plane->rows);
    plane->in = malloc((size_t)plane->in_stride * plane->in_rows);
    plane->lines = malloc(plane->in_rows * sizeof *plane->lines);
    if (!plane->pixels || !plane->in || !plane->lines) return 0;
    for (uint32_t y = 0; y < plane->in_rows; y++) plane->lines[y] = plane->in + (size_t)y * plane->in_stride;
    return ic_scaler_open(
               &plane->scaler, 1, part->downsampled_width, part->downsampled_height, extent, plane->width, plane->height,
               keep_row, plane) == IC_OK;
}

static void read_planes(jpeg_work *work, const ic_request *request) {
    struct jpeg_decompress_struct *info = &work->reading;
    ic_jpeg_open(work, request->bytes, request->count);
    work->scans = request->scans;
    jpeg_save_markers(info, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(info, TRUE);
    if (info->image_width != request->width || info->image_height != request->height)
        ic_jpeg_break_off(work, IC_DAMAGED, "two sizes in one file");
    int is_grey = info->jpeg_color_space == JCS_GRAYSCALE && info->num_components == 1;
    if (!is_grey && (info->jpeg_color_space != JCS_YCbCr || info->num_components != 3))
        ic_jpeg_break_off(work, IC_UNSUPPORTED, "other inks");
    unsigned int profile_count = 0;
    if (jpeg_read_icc_profile(info, &work->profile, &profile_count) &&
        ic_moves_colours(work->profile, profile_count, is_grey ? 1 : 3))
        ic_jpeg_break_off(work, IC_UNSUPPORTED, "a profile that moves colours");
    int in_passes = jpeg_has_multiple_scans(info);
    info->out_color_space = info->jpeg_color_space;
    info->scale_num = 1;
    info->scale_denom = request->divisor;
    info->dct_method = JDCT_ISLOW;
    info->raw_data_out = TRUE;
    jpeg_start_decompress(info);
    jpeg_planes *all = work->planes;
    all->count = info->num_components;
    JSAMPARRAY lines[3] = {NULL, NULL, NULL};
    for (int i = 0; i < all->count; i++) {
        if (!open_plane(&all->planes[i], &info->comp_info[i], info, request, i > 0))
            ic_jpeg_break_off(work, IC_NO_MEMORY, "no memory");
        lines[i] = all->planes[i].lines;
    }
    JDIMENSION step = (JDIMENSION)(info->max_v_samp_factor * info->min_DCT_scaled_size);
    while (info->output_scanline < info->output_height) {
        if (!jpeg_read_raw_data(info, lines, step)) ic_jpeg_break_off(work, IC_DAMAGED, "a row is missing");
        for (int i = 0; i < all->count; i++) {
            plane *plane = &all->planes[i];
            for (uint32_t y = 0; y < plane->in_rows && plane->left; y++, plane->left--)
                ic_scaler_row(&plane->scaler, plane->lines[y]);
        }
    }
    if (work->ended && in_passes) ic_jpeg_break_off(work, IC_DAMAGED, "premature end of JPEG file");
}

/* Turns a plane upright. */
static int turn(plane *plane, uint8_t orientation) {
    if (orientation <= 1) return 1;
    uint32_t width = is_turned(orientation) ? plane->height : plane->width;
    uint32_t height = is_turned(orientation) ? plane->width : plane->height;
    uint32_t stride = blocks(width), rows = blocks(height);
    uint8_t *turned = malloc((size_t)stride * rows);
    if (!turned) return 0;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            uint32_t u = is_turned(orientation) ? y : x, v = is_turned(orientation) ? x : y;
            if (is_mirrored_across(orientation)) u = plane->width - 1 - u;
            if (is_mirrored_down(orientation)) v = plane->height - 1 - v;
            turned[(size_t)y * stride + x] = plane->pixels[(size_t)v * plane->stride + u];
        }
    free(plane->pixels);
    plane->pixels = turned;
    plane->width = width;
    plane->height = height;
    plane->stride = stride;
    plane->rows = rows;
    return 1;
}

/* Draws the last column and row out to whole blocks, which the encoder reads. */
static void pad(plane *plane) {
    for (uint32_t y = 0; y < plane->height; y++) {
        uint8_t *row = plane->pixels + (size_t)y * plane->stride;
        memset(row + plane->width, row[plane->width - 1], plane->stride - plane->width);
    }
    const uint8_t *last = plane->pixels + (size_t)(plane->height - 1) * plane->stride;
    for (uint32_t y = plane->height; y < plane->rows; y++)
        memcpy(plane->pixels + (size_t)y * plane->stride, last, plane->stride);
}

static void write_planes(jpeg_work *work, int32_t quality) {
    struct jpeg_compress_struct *info = &work->writing;
    jpeg_planes *all = work->planes;
    int is_grey = all->count == 1;
    info->err = &work->errors;
    info->client_data = work;
    jpeg_create_compress(info);
    work->is_writing = 1;
    jpeg_mem_dest(info, &work->written, &work->written_count);
    info->image_width = all->planes[0].width;
    info->image_height = all->planes[0].height;
    info->input_components = all->count;
    info->in_color_space = is_grey ? JCS_GRAYSCALE : JCS_YCbCr;
    jpeg_set_defaults(info);
    jpeg_set_quality(info, quality, TRUE);
    info->raw_data_in = TRUE;
    jpeg_start_compress(info, TRUE);
    JSAMPROW lines[3][16];
    JSAMPARRAY parts[3] = {lines[0], lines[1], lines[2]};
    uint32_t step = is_grey ? 8 : 16;
    while (info->next_scanline < info->image_height) {
        for (int i = 0; i < all->count; i++) {
            uint32_t first = i ? info->next_scanline / 2 : info->next_scanline;
            for (uint32_t y = 0; y < (i ? 8u : step); y++)
                lines[i][y] = all->planes[i].pixels + (size_t)(first + y) * all->planes[i].stride;
        }
        if (jpeg_write_raw_data(info, parts, step) != step) ic_jpeg_break_off(work, IC_DAMAGED, "a row is missing");
    }
    jpeg_finish_compress(info);
}

ic_status ic_jpeg_prepare(const ic_request *request, int32_t quality, ic_bytes *bytes, ic_result *result) {
    jpeg_work *work = ic_jpeg_start(result);
    if (!work) return IC_NO_MEMORY;
    work->planes = calloc(1, sizeof *work->planes);
    if (!work->planes) {
        ic_jpeg_stop(work);
        return IC_NO_MEMORY;
    }
    if (!setjmp(work->escape)) {
        read_planes(work, request);
        jpeg_destroy_decompress(&work->reading);
        work->is_reading = 0;
        for (int i = 0; i < work->planes->count; i++) {
            if (!turn(&work->planes->planes[i], request->orientation)) ic_jpeg_break_off(work, IC_NO_MEMORY, "no memory");
            pad(&work->planes->planes[i]);
        }
        write_planes(work, quality);
        bytes->start = work->written;
        bytes->count = work->written_count;
        work->written = NULL;
    }
    ic_status status = work->status;
    ic_jpeg_stop(work);
    return status;
}
