/** The COCO evaluator: matching, precision and recall, ties. */
@NullMarked
package downstream.detection.metrics.coco;

import org.jspecify.annotations.NullMarked;
