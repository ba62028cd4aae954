import { nullLogger } from '@swath/core';
import { memoryObjects, memoryQueue, memoryTable, partUploadsOver, seededRandom } from '@swath/ports/memory/index';
