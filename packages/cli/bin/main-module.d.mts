export function mainModule(root: string): string;
