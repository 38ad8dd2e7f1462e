/** Data set files and annotations: COCO, Pascal VOC, Cityscapes and mask folders. */
@NullMarked
package downstream.eval.data.annotation;

import org.jspecify.annotations.NullMarked;
