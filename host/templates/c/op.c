/* What one virtual user does: asks for a page. The status of the answer is the tag of the call. */
#include <inttypes.h>

#include "gorgon.h"

GORGON_OPERATION(number) {
    const char *url = gorgon_required("url");
    if (!url)
        return gorgon_failure();
    gorgon_response *page = gorgon_get(gorgon_format("%s?number=%" PRIu64, url, number));
    return page ? gorgon_status(page) : gorgon_failure();
}
