/** Run-length encoded masks and polygons. */
@NullMarked
package downstream.detection.metrics.mask;

import org.jspecify.annotations.NullMarked;
