#include "jpeg_work.h"

#include <stdlib.h>
#include <string.h>

#include <jerror.h>

static void fail(j_common_ptr info) {
    jpeg_work *work = info->client_data;
    char text[JMSG_LENGTH_MAX];
    if (work->status == IC_OK) {
        int code = info->err->msg_code;
        work->status = code == JERR_BAD_PRECISION || code == JERR_SOF_UNSUPPORTED || code == JERR_ARITH_NOTIMPL ||
                code == JERR_CONVERSION_NOTIMPL || code == JERR_NOTIMPL || code == JERR_NOT_COMPILED ||
                code == JERR_COMPONENT_COUNT || code == JERR_CCIR601_NOTIMPL || code == JERR_FRACT_SAMPLE_NOTIMPL
            ? IC_UNSUPPORTED
            : code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE ? IC_NO_MEMORY : IC_DAMAGED;
        info->err->format_message(info, text);
        ic_say(work->result, text);
    }
    longjmp(work->escape, 1);
}

static void heed(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_JPEG_EOF:
        fail(info);
        break;
    default:
        info->err->num_warnings++;
    }
}

static void stay_quiet(j_common_ptr info) { (void)info; }

static void count_scans(j_common_ptr info) {
    jpeg_work *work = info->client_data;
    if (work->is_reading && work->scans > 0 && work->reading.input_scan_number > work->scans) {
        work->status = IC_TOO_MANY_SCANS;
        longjmp(work->escape, 1);
    }
}

static void begin_source(j_decompress_ptr info) { (void)info; }

static boolean fill_source(j_decompress_ptr info) {
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    jpeg_work *work = info->client_data;
    work->ended = 1;
    info->src->next_input_byte = end;
    info->src->bytes_in_buffer = 2;
    return TRUE;
}

static void skip_source(j_decompress_ptr info, long count) {
    if (count <= 0) return;
    if ((unsigned long)count > info->src->bytes_in_buffer) {
        fill_source(info);
    } else {
        info->src->next_input_byte += count;
        info->src->bytes_in_buffer -= (size_t)count;
    }
}

static void end_source(j_decompress_ptr info) { (void)info; }

jpeg_work *ic_jpeg_start(ic_result *result) {
    jpeg_work *work = calloc(1, sizeof *work);
    if (!work) return NULL;
    work->result = result;
    jpeg_std_error(&work->errors);
    work->errors.error_exit = fail;
    work->errors.emit_message = heed;
    work->errors.output_message = stay_quiet;
    work->progress.progress_monitor = count_scans;
    return work;
}

void ic_jpeg_stop(jpeg_work *work) {
    if (work->is_reading) jpeg_destroy_decompress(&work->reading);
    if (work->is_writing) jpeg_destroy_compress(&work->writing);
    ic_sink_close(&work->sink);
    ic_jpeg_close_planes(work->planes);
    free(work->row);
    free(work->profile);
    free(work->written);
    free(work);
}

void ic_jpeg_open(jpeg_work *work, const uint8_t *bytes, size_t count) {
    work->reading.err = &work->errors;
    work->reading.client_data = work;
    jpeg_create_decompress(&work->reading);
    work->is_reading = 1;
    work->reading.progress = &work->progress;
    work->source.init_source = begin_source;
    work->source.fill_input_buffer = fill_source;
    work->source.skip_input_data = skip_source;
    work->source.resync_to_restart = jpeg_resync_to_restart;
    work->source.term_source = end_source;
    work->source.next_input_byte = bytes;
    work->source.bytes_in_buffer = count;
    work->reading.src = &work->source;
}

void ic_jpeg_break_off(jpeg_work *work, ic_status status, const char *message) {
    work->status = status;
    ic_say(work->result, message);
    longjmp(work->escape, 1);
}

ic_status ic_jpeg_header(const uint8_t *bytes, size_t count, ic_header *header, ic_result *result) {
    jpeg_work *work = ic_jpeg_start(result);
    if (!work) return IC_NO_MEMORY;
    if (!setjmp(work->escape)) {
        ic_jpeg_open(work, bytes, count);
        jpeg_read_header(&work->reading, TRUE);
        struct jpeg_decompress_struct *info = &work->reading;
        memset(header, 0, sizeof *header);
        header->width = info->image_width;
        header->height = info->image_height;
        uint64_t held = (uint64_t)info->image_width * 4 * 20;
        if (jpeg_has_multiple_scans(info)) {
            for (int i = 0; i < info->num_components; i++) {
                jpeg_component_info *part = &info->comp_info[i];
                uint64_t across = (info->image_width + 8ull * info->max_h_samp_factor - 1) /
                    (8ull * info->max_h_samp_factor) * part->h_samp_factor;
                uint64_t down = (info->image_height + 8ull * info->max_v_samp_factor - 1) /
                    (8ull * info->max_v_samp_factor) * part->v_samp_factor;
                held += across * down * 128;
            }
        }
        header->held = held;
    }
    ic_status status = work->status;
    ic_jpeg_stop(work);
    return status;
}

static void decode(jpeg_work *work, const ic_request *request) {
    struct jpeg_decompress_struct *info = &work->reading;
    ic_jpeg_open(work, request->bytes, request->count);
    work->scans = request->scans;
    jpeg_save_markers(info, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(info, TRUE);
    if (info->image_width != request->width || info->image_height != request->height)
        ic_jpeg_break_off(work, IC_DAMAGED, "two sizes in one file");
    int is_cmyk = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
    int is_grey = info->jpeg_color_space == JCS_GRAYSCALE;
    int in_passes = jpeg_has_multiple_scans(info);
    info->out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_RGBX;
    info->scale_num = 1;
    info->scale_denom = request->divisor;
    info->dct_method = JDCT_ISLOW;
    work->sink.is_cmyk = (uint8_t)is_cmyk;
    work->sink.is_inverted = info->saw_Adobe_marker != 0;

    unsigned int profile_count = 0;
    jpeg_read_icc_profile(info, &work->profile, &profile_count);
    jpeg_start_decompress(info);
    if (info->output_width != (request->width + request->divisor - 1) / request->divisor ||
        info->output_height != (request->height + request->divisor - 1) / request->divisor)
        ic_jpeg_break_off(work, IC_DAMAGED, "a size that does not divide");
    ic_part extent = {
        0, 0, (double)request->width / request->divisor, (double)request->height / request->divisor};
    if (ic_sink_open(&work->sink, info->output_width, info->output_height, 1, extent, request, 0) != IC_OK)
        ic_jpeg_break_off(work, IC_NO_MEMORY, "no memory");
    ic_sink_profile(&work->sink, work->profile, profile_count, is_cmyk ? 4 : is_grey ? 1 : 3, work->result);

    work->row = malloc((size_t)info->output_width * 4);
    if (!work->row) ic_jpeg_break_off(work, IC_NO_MEMORY, "no memory");
    while (info->output_scanline < info->output_height) {
        JSAMPROW rows[1] = {work->row};
        if (jpeg_read_scanlines(info, rows, 1) != 1) ic_jpeg_break_off(work, IC_DAMAGED, "a row is missing");
        ic_sink_row(&work->sink, work->row);
    }
    /* A lost end marker costs nothing where one scan held everything; elsewhere a whole scan may be gone with it. */
    if (work->ended && in_passes) ic_jpeg_break_off(work, IC_DAMAGED, "premature end of JPEG file");
    work->result->least_alpha = 255;
}

ic_status ic_jpeg_decode(const ic_request *request, ic_result *result) {
    jpeg_work *work = ic_jpeg_start(result);
    if (!work) return IC_NO_MEMORY;
    if (!setjmp(work->escape)) decode(work, request);
    ic_status status = work->status;
    ic_jpeg_stop(work);
    return status;
}

static void encode(
    jpeg_work *work, const uint8_t *pixels, uint32_t width, uint32_t height, int32_t quality, ic_jpeg_kind kind,
    int32_t progressive) {
    struct jpeg_compress_struct *info = &work->writing;
    info->err = &work->errors;
    info->client_data = work;
    jpeg_create_compress(info);
    work->is_writing = 1;
    jpeg_mem_dest(info, &work->written, &work->written_count);
    info->image_width = width;
    info->image_height = height;
    info->input_components = 4;
    info->in_color_space = kind == IC_JPEG_CMYK || kind == IC_JPEG_YCCK ? JCS_CMYK : JCS_EXT_RGBX;
    jpeg_set_defaults(info);
    if (kind == IC_JPEG_GREY) jpeg_set_colorspace(info, JCS_GRAYSCALE);
    if (kind == IC_JPEG_YCCK) jpeg_set_colorspace(info, JCS_YCCK);
    if (kind == IC_JPEG_CMYK || kind == IC_JPEG_YCCK) info->write_Adobe_marker = TRUE;
    jpeg_set_quality(info, quality, TRUE);
    info->optimize_coding = TRUE;
    if (progressive) jpeg_simple_progression(info);
    jpeg_start_compress(info, TRUE);
    while (info->next_scanline < height) {
        JSAMPROW rows[1] = {(JSAMPROW)(uintptr_t)(pixels + (size_t)info->next_scanline * width * 4)};
        jpeg_write_scanlines(info, rows, 1);
    }
    jpeg_finish_compress(info);
}

ic_status ic_jpeg_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int32_t quality, ic_jpeg_kind kind, int32_t progressive,
    ic_bytes *bytes) {
    jpeg_work *work = ic_jpeg_start(NULL);
    if (!work) return IC_NO_MEMORY;
    if (!setjmp(work->escape)) {
        encode(work, pixels, width, height, quality, kind, progressive);
        bytes->start = work->written;
        bytes->count = work->written_count;
        work->written = NULL;
    }
    ic_status status = work->status;
    ic_jpeg_stop(work);
    return status;
}
