/** The Pascal VOC evaluator. */
@NullMarked
package downstream.detection.metrics.voc;

import org.jspecify.annotations.NullMarked;
