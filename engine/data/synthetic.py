"""Defects made from good pictures. stub"""
KINDS = ("cut_paste", "perlin", "transplant")
